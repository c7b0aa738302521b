package org.needle.routes;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.needle.cli.RunningGateway;
import org.needle.client.FollowListener;
import org.needle.client.Follower;
import org.needle.client.Following;
import org.needle.client.Times;
import org.needle.wire.ServerFrame;

/** A client with the library, which confirms what it gets. */
final class Listener implements FollowListener, AutoCloseable {
    static final Times TIMES = new Times() {
        @Override
        public long steady() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public long wall() {
            return System.currentTimeMillis();
        }
    };

    private final List<ServerFrame.Event> events = new CopyOnWriteArrayList<>();
    private final List<ServerFrame.Hole> gaps = new CopyOnWriteArrayList<>();
    private final Follower follower;

    private Listener(Following following) {
        follower = Follower.start(following, this, TIMES);
    }

    /** Returns when it gets events. */
    static Listener to(RunningGateway gateway, String topic) {
        Listener listener = new Listener(Following.of(gateway.open(), topic));
        await().atMost(Duration.ofSeconds(20)).until(() -> listener.follower.transport() != null);
        return listener;
    }

    /** Of a gateway that need not be there yet, and may go and come back; from the first event that is kept. */
    static Listener to(URI gateway, String topic) {
        return new Listener(Following.of(gateway, topic).from("earliest"));
    }

    @Override
    public void event(ServerFrame.Event event) {
        events.add(event);
    }

    @Override
    public void gap(ServerFrame.Hole gap) {
        gaps.add(gap);
    }

    /** What has come so far. */
    List<String> data() {
        return events.stream().map(ServerFrame.Event::data).toList();
    }

    List<ServerFrame.Event> events() {
        return events;
    }

    List<ServerFrame.Hole> gaps() {
        return gaps;
    }

    @Override
    public void close() {
        follower.close();
    }
}
