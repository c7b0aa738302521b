package org.needle.lab;

/**
 * Forgets, from time to time, the connections that are open, as a firewall does that restarts: nothing passes on them any more, in
 * either direction, and nobody is told. Those that are opened afterwards pass, until the next time.
 *
 * @param first ms of the profile until the first time
 * @param every ms from one time to the next
 */
public record HalfOpen(long first, long every) implements Fault {
    @Override
    public Stage at(Place place) {
        place.after(untilNext(place.elapsed()), () -> place.end(Ending.SILENCE));
        return new Stage.Through(place);
    }

    private long untilNext(long elapsed) {
        return elapsed < first ? first - elapsed : every - (elapsed - first) % every;
    }
}
