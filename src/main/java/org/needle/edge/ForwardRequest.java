package org.needle.edge;

import java.util.List;
import java.util.Map;

/**
 * A client's request as it is to be forwarded: what is not for the upstream has been taken out.
 *
 * @param headers in the client's order
 * @param body must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record ForwardRequest(
        Target target, List<Map.Entry<String, String>> headers, byte[] body, ClientMessage.Sender sender) {
    /**
     * What is asked for.
     *
     * @param path what follows the name, empty or beginning with a slash, escaped as the client wrote it
     * @param query without the question mark; empty if there is none
     */
    public record Target(String method, String path, String query) {}

    public ForwardRequest {
        headers = List.copyOf(headers);
    }
}
