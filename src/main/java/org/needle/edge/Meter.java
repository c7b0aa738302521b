package org.needle.edge;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One figure that the edge keeps. The set of meters is fixed when the edge starts.
 *
 * @param name dotted, begins with {@code needle.}
 * @param tags bounded: never anything that a client can choose
 * @param gauge goes up and down; else only up
 */
public record Meter(String name, Map<String, String> tags, boolean gauge, LongSupplier value) {}
