package org.needle.client;

import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.wire.ServerFrame;

/**
 * Takes what a follower brings, in the follower's thread: whoever takes long slows the gateway down, and whoever takes longer than two
 * heartbeats looks asleep.
 */
public interface FollowListener {
    /** The next event: each once, in the gateway's order. */
    void event(ServerFrame.Event event);

    /** Events are gone that nobody can bring any more. */
    default void gap(ServerFrame.Hole gap) {}

    /** From now on events come by {@code rung}. */
    default void transport(Rung rung) {}

    /**
     * What the network does to {@code rung}, when it is found out or has changed.
     *
     * @param evidence in words; may be empty
     */
    default void verdict(Rung rung, Finding finding, String evidence) {}

    /** Nothing passes at the moment; tried again. Told when the reason changes. */
    default void trouble(String reason) {}

    /** The gateway does not let this client in; tried again nevertheless, perhaps with another token. */
    default void refused(int status, String title) {}
}
