package org.needle.edge;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the transport that an {@code Accept} header asks for (RFC 9110, 12.5.1). */
final class Accept {
    static final String SSE = "text/event-stream";
    static final String STREAM = "application/x-ndjson";
    static final String POLL = "application/json";

    private static final Map<String, Transport> TYPES = Map.of(
            SSE,
            Transport.SSE,
            "text/*",
            Transport.SSE,
            "*/*",
            Transport.SSE,
            STREAM,
            Transport.STREAM,
            POLL,
            Transport.POLL,
            "application/*",
            Transport.POLL);

    private Accept() {}

    /** The transport of the best type, of equal ones the most specific, then the first; null if none is served here. */
    static @Nullable Transport preferred(List<String> headers) {
        String all = String.join(",", headers).trim();
        if (all.isEmpty()) {
            return Transport.SSE;
        }
        Transport best = null;
        double bestRank = 0;
        for (String range : all.split(",", -1)) {
            String[] parts = range.trim().split(";", -1);
            String type = parts[0].trim().toLowerCase(Locale.ROOT);
            Transport transport = TYPES.get(type);
            double quality = quality(parts);
            double rank = type.endsWith("*") ? quality - 0.0001 : quality;
            if (transport != null && quality > 0 && rank > bestRank) {
                best = transport;
                bestRank = rank;
            }
        }
        return best;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
