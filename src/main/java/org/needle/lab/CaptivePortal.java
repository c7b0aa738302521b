package org.needle.lab;

import java.util.Map;

/**
 * Redirects every request to a page of its own, as long as nobody has logged in.
 *
 * @param millis of the profile until somebody has
 */
public record CaptivePortal(long millis) implements Fault {
    private static final String PAGE = "/captive-portal";
    private static final String TEXT = "<!doctype html><title>Welcome</title><p>Please accept our terms to go online.";

    @Override
    public Stage at(Place place) {
        Guard.Reply away = new Guard.Reply(302, TEXT, Map.of("Location", PAGE, "Content-Type", "text/html"));
        Guard.Reply page = new Guard.Reply(200, TEXT, Map.of("Content-Type", "text/html"));
        return new Guard(place, ask -> {
            if (place.elapsed() >= millis) {
                return null;
            }
            return ask.uri().equals(PAGE) ? page : away;
        });
    }
}
