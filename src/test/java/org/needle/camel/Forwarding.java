package org.needle.camel;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;

/** A gateway that forwards {@code /proxy/up} to an {@link Upstream}, and its clients. */
final class Forwarding implements AutoCloseable {
    final Upstream upstream;
    final TestGateway gateway = new TestGateway();
    final HttpClient client = HttpClient.newHttpClient();

    Forwarding() throws Exception {
        upstream = new Upstream();
        Upstream.trust(gateway.context);
    }

    /** @param options of the endpoint, each with an ampersand before it */
    Forwarding start(String options) throws Exception {
        return start(options, route -> route.setBody().body());
    }

    Forwarding start(String options, Consumer<RouteDefinition> steps) throws Exception {
        return forward("up", upstream.url(), "&allowPrivate=true" + options, steps);
    }

    Forwarding forward(String name, String url, String options, Consumer<RouteDefinition> steps) throws Exception {
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                steps.accept(from("https-proxy:" + name + "?upstream=" + url + options));
            }
        });
        gateway.start();
        return this;
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.http("/proxy/" + path)).timeout(TestGateway.LONG);
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    Reader open(String path, String... headers) throws Exception {
        return open(request(path, headers).build());
    }

    Reader open(HttpRequest request) throws Exception {
        return new Reader(client.send(request, HttpResponse.BodyHandlers.ofLines()));
    }

    /** The value of a field of a JSON object. */
    static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
        return found.find() ? found.group(1) : "no " + name + " in " + json;
    }

    static URI uri(String text) {
        return URI.create(text);
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }

    /** Reads an answer line by line. */
    static final class Reader implements AutoCloseable {
        static final String END = "(the end)";

        final int status;
        private final java.util.stream.Stream<String> lines;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        Reader(HttpResponse<java.util.stream.Stream<String>> answer) {
            status = answer.statusCode();
            lines = answer.body();
            Thread reader = new Thread(
                    () -> {
                        try {
                            lines.forEach(received::add);
                        } catch (RuntimeException e) {
                            received.add("(cut)"); // it was closed, or the other end has cut it
                        }
                        received.add(END);
                    },
                    "test-answer");
            reader.setDaemon(true);
            reader.start();
        }

        String await(String part) throws Exception {
            while (true) {
                String line = received.poll(TestGateway.LONG.toSeconds(), TimeUnit.SECONDS);
                if (line == null) {
                    throw new TimeoutException("no line with " + part);
                }
                if (line.contains(part)) {
                    return line;
                }
                if (line.equals(END)) {
                    throw new IOException("the answer has ended without " + part);
                }
            }
        }

        /** All lines with {@code part} until the end. */
        List<String> all(String part) throws Exception {
            List<String> found = new ArrayList<>();
            for (String line = await(""); !line.equals(END); line = await("")) {
                if (line.contains(part)) {
                    found.add(line);
                }
            }
            return found;
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
