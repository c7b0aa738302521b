package org.needle.lab;

/**
 * Answers every request itself for a while, as a balancer does that has lost its servers.
 *
 * @param millis of the profile until it has found them again
 * @param status of the answers
 */
public record Unavailable(long millis, int status) implements Fault {
    @Override
    public Stage at(Place place) {
        Guard.Reply sorry = Guard.Reply.of(status, "no server is there\n");
        return new Guard(place, ask -> place.elapsed() < millis ? sorry : null);
    }
}
