package org.needle.routes;

import static org.awaitility.Awaitility.await;

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
    private static final Times TIMES = new Times() {
        @Override
        public long steady() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public long wall() {
            return System.currentTimeMillis();
        }
    };

    private final List<String> data = new CopyOnWriteArrayList<>();
    private final Follower follower;

    private Listener(Following following) {
        follower = Follower.start(following, this, TIMES);
        await().atMost(Duration.ofSeconds(20)).until(() -> follower.transport() != null);
    }

    /** Returns when it gets events. */
    static Listener to(RunningGateway gateway, String topic) {
        return new Listener(Following.of(gateway.open(), topic));
    }

    @Override
    public void event(ServerFrame.Event event) {
        data.add(event.data());
    }

    /** What has come so far. */
    List<String> data() {
        return data;
    }

    @Override
    public void close() {
        follower.close();
    }
}
