package org.needle.hub;

/** Takes the live events of a group of subscribers; the edge has one for each event loop. */
public interface Feed {
    /**
     * Called in log order, with the hub's lock held, for every event on a topic that the feed follows: must only note the
     * event and return.
     */
    void offer(Event event);
}
