package org.needle.edge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plain WebSocket at paths of the public port, without envelope. Callable from any thread. */
public final class Sockets {
    /** What is known of one path; kept while a route or a connection uses it. */
    private static final class Place {
        final List<Listening> listeners = new CopyOnWriteArrayList<>();
        final Set<PlainSocket> sockets = ConcurrentHashMap.newKeySet();
    }

    /** A route at a path; its own object, because two routes may share a listener or have none. */
    private record Listening(@Nullable SocketListener listener, Object route) {}

    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /**
     * Accepts WebSockets at {@code path}. Several routes may share a path; each gets every message.
     *
     * @param listener null: the route only sends, messages from clients are dropped
     */
    public Registration open(String path, @Nullable SocketListener listener) {
        Listening listening = new Listening(listener, new Object());
        Place place = places.computeIfAbsent(path, x -> new Place());
        place.listeners.add(listening);
        return () -> place.listeners.remove(listening);
    }

    /** The open sockets at {@code path}. */
    public List<Socket> at(String path) {
        Place place = places.get(path);
        return place == null ? List.of() : List.copyOf(place.sockets);
    }

    /** Sends to every socket at {@code path}; completes when all have taken it or failed. */
    public CompletionStage<Void> broadcastText(String path, String text) {
        return broadcast(path, socket -> socket.sendText(text));
    }

    /** As {@link #broadcastText}. */
    public CompletionStage<Void> broadcastBinary(String path, byte[] data) {
        return broadcast(path, socket -> socket.sendBinary(data));
    }

    private CompletionStage<Void> broadcast(String path, Function<Socket, CompletionStage<Void>> send) {
        return CompletableFuture.allOf(at(path).stream()
                .map(socket -> send.apply(socket).toCompletableFuture().exceptionally(gone -> null))
                .toArray(CompletableFuture<?>[]::new));
    }

    boolean has(String path) {
        Place place = places.get(path);
        return place != null && !place.listeners.isEmpty();
    }

    List<SocketListener> listeners(String path) {
        Place place = places.get(path);
        return place == null
                ? List.of()
                : place.listeners.stream()
                        .<SocketListener>mapMulti((listening, out) -> {
                            if (listening.listener() != null) {
                                out.accept(listening.listener());
                            }
                        })
                        .toList();
    }

    void joined(String path, PlainSocket socket) {
        places.computeIfAbsent(path, x -> new Place()).sockets.add(socket);
    }

    void left(String path, PlainSocket socket) {
        Place place = places.get(path);
        if (place != null) {
            place.sockets.remove(socket);
        }
    }

    void drain() {
        places.values().forEach(place -> place.sockets.forEach(PlainSocket::drain));
    }
}
