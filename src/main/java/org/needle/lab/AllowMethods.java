package org.needle.lab;

import java.util.List;
import java.util.Map;

/**
 * Answers 405 to every other method.
 *
 * @param methods those that pass
 */
public record AllowMethods(List<String> methods) implements Fault {
    @Override
    public Stage at(Place place) {
        Guard.Reply no = new Guard.Reply(405, "not allowed here\n", Map.of("Allow", String.join(", ", methods)));
        return new Guard(place, ask -> methods.contains(ask.method().name()) ? null : no);
    }
}
