package org.needle.clients;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.needle.conformance.Envelope;
import org.needle.conformance.OpenEdge;
import org.needle.conformance.Payloads;
import org.needle.conformance.TestKeys;
import org.needle.hub.Content;
import org.needle.matrix.Flows;

/** Where tests that do not run in this JVM order what they cannot do themselves: a gateway, events, a cut, a restart. */
final class Desk implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final LabDesk labs = new LabDesk();
    private final Flows flows = new Flows();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final TestKeys keys;

    Desk() {
        try {
            Path folder = Files.createTempDirectory("needle-desk");
            keys = new TestKeys(folder);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            String answer;
            try {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                answer = serve(exchange.getRequestURI().getPath(), query(exchange), body);
            } catch (RuntimeException e) {
                status = 500;
                answer = e.toString();
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getRawQuery();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private String serve(String path, Map<String, String> query, String body) {
        if (path.equals("/open")) {
            return open(query);
        }
        if (path.startsWith("/lab/") && !path.equals("/lab/open")) {
            return labs.serve(path, query);
        }
        return switch (path) {
            case "/box/close" -> labs.closeBox(query);
            case "/matrix" -> labs.note(query, body);
            default -> serve(path, query, body, places.get(query.get("edge")));
        };
    }

    private String serve(String path, Map<String, String> query, String body, Place place) {
        return switch (path) {
            case "/publish" -> {
                String event = query.get("event");
                yield place.edge().publish(query.get("topic"), Content.text(event.isEmpty() ? null : event, body));
            }
            case "/payloads" -> payloads(place.edge(), query.get("topic"));
            case "/connections" -> Integer.toString(place.tlsConnections());
            case "/lab/open" -> labs.open(place.edge(), query);
            case "/box/open" -> labs.openBox(place.edge(), query);
            case "/meter" -> Long.toString(place.edge().meter(query.get("name")));
            case "/token" -> place.token(query);
            default -> {
                order(path, place, query);
                yield "";
            }
        };
    }

    private void order(String path, Place place, Map<String, String> query) {
        switch (path) {
            case "/flow" -> {
                int from = Integer.parseInt(query.get("from"));
                int to = Integer.parseInt(query.get("to"));
                flows.start(place::edge, query.get("topic"), from, to, Double.parseDouble(query.get("rate")));
            }
            case "/cut" -> place.cut();
            case "/restart" -> {
                place.restart();
                labs.moved(query.get("edge"), place.edge());
            }
            case "/close" -> place.close();
            default -> throw new IllegalArgumentException("no such order: " + path);
        }
    }

    private String open(Map<String, String> query) {
        String name = Integer.toString(count.incrementAndGet());
        Place place = new Place(keys, query);
        places.put(name, place);
        ObjectNode answer = MAPPER.createObjectNode();
        return answer.put("edge", name)
                .put("url", "http://127.0.0.1:" + place.port())
                .put("tls", "https://127.0.0.1:" + place.tlsPort())
                .toString();
    }

    private static String payloads(OpenEdge edge, String topic) {
        ArrayNode all = MAPPER.createArrayNode();
        for (Content content : Payloads.all()) {
            String id = edge.publish(topic, content);
            ObjectNode one = all.addObject();
            one.put("id", id);
            one.put("event", content.name() == null ? "" : content.name());
            one.put("plain", Payloads.plain(content));
            one.set("object", Envelope.of(id, topic, content, true));
        }
        return all.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        flows.close();
        labs.close();
        places.values().forEach(Place::close);
        threads.shutdownNow();
    }
}
