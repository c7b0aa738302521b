package org.needle.lab;

/**
 * A request as a client sent it.
 *
 * @param millis since the lab was opened
 * @param method as GET
 * @param uri path and query, or whatever the client asked for
 * @param accept its {@code Accept}, or nothing
 * @param upgrade its {@code Upgrade}, or nothing
 */
public record Seen(long millis, String method, String uri, String accept, String upgrade) {}
