package org.needle.camel;

import static org.awaitility.Awaitility.await;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.tyrus.spi.ServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;

/** Tyrus, the reference implementation of Jakarta WebSocket, as a server: sends back what it gets, writes it down, sends on demand. */
final class TyrusServer implements AutoCloseable {
    private static final int LARGE = 64 << 20;
    /** Tyrus makes an instance for each connection, so what they have in common is here; one server at a time. */
    static final List<Session> SESSIONS = new CopyOnWriteArrayList<>();

    static final BlockingQueue<String> TEXTS = new LinkedBlockingQueue<>();
    static final AtomicLong BINARY = new AtomicLong();

    private final ServerContainer server;

    /** At {@code /echo}: everything comes back. */
    @ServerEndpoint(value = "/echo", subprotocols = "chat")
    public static final class Echo {
        @OnOpen
        public void open(Session session) {
            session.setMaxTextMessageBufferSize(LARGE);
            session.setMaxBinaryMessageBufferSize(LARGE);
            SESSIONS.add(session);
        }

        @OnMessage
        public String text(String text) {
            TEXTS.add(text);
            return text;
        }

        @OnMessage
        public ByteBuffer binary(ByteBuffer data) {
            return data;
        }

        @OnClose
        public void close(Session session) {
            SESSIONS.remove(session);
        }
    }

    /** At {@code /count}: binary messages are counted as they arrive, part by part. */
    @ServerEndpoint("/count")
    public static final class Count {
        @OnMessage
        public void part(Session session, byte[] part, boolean last) throws IOException {
            BINARY.addAndGet(part.length);
            if (last) {
                TEXTS.add("whole");
            }
        }
    }

    /** A connection that the server before has left open holds the port until its client gives it up. */
    TyrusServer(int port) {
        SESSIONS.clear();
        TEXTS.clear();
        BINARY.set(0);
        server = await().atMost(Duration.ofSeconds(20))
                .ignoreException(BindException.class)
                .until(() -> start(port), started -> true);
    }

    private static ServerContainer start(int port) throws DeploymentException, IOException {
        ServerContainer server = ServerContainerFactory.createServerContainer(Map.of());
        server.addEndpoint(Echo.class);
        server.addEndpoint(Count.class);
        server.start("/", port);
        return server;
    }

    @Override
    public void close() {
        server.stop();
    }
}
