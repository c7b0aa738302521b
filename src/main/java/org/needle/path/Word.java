package org.needle.path;

/**
 * A verdict that was found or told.
 *
 * @param at when, in ms
 */
public record Word(Verdict verdict, long at) {}
