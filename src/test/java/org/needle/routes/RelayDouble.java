package org.needle.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A webhook on this machine that writes down what it is given. */
final class RelayDouble implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One request. */
    record Post(String key, JsonNode event, int status) {
        String data() {
            return event.path("data").asText();
        }

        String session() {
            return event.path("session").asText();
        }
    }

    private final Queue<Post> posts = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;
    private volatile int status = 204;

    RelayDouble() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/hook", request -> {
            String key = request.getRequestHeaders().getFirst("Idempotency-Key");
            int answer = status;
            posts.add(new Post(key, JSON.readTree(request.getRequestBody()), answer));
            request.sendResponseHeaders(answer, -1);
            request.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void answers(int code) {
        status = code;
    }

    List<Post> posts() {
        return List.copyOf(posts);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
