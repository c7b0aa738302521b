package org.needle.camel;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A Camel context with our components on a free port, and clients that talk to it. */
final class TestGateway implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(20);

    final DefaultCamelContext context = new DefaultCamelContext();
    final HttpClient client = HttpClient.newHttpClient();
    final ProducerTemplate template;

    /** Not started yet. */
    TestGateway() {
        options().setPort("-1");
        options().setTlsPort("0");
        options().setDrainTimeout("1ms");
        context.getShutdownStrategy().setTimeout(10);
        template = context.createProducerTemplate();
    }

    static TestGateway with(RouteBuilder routes) throws Exception {
        TestGateway gateway = new TestGateway();
        gateway.context.addRoutes(routes);
        return gateway.start();
    }

    TestGateway start() {
        context.start();
        return this;
    }

    PushComponent push() {
        return context.getComponent("push", PushComponent.class);
    }

    PushOptions options() {
        return push().getConfiguration();
    }

    URI http(String path) {
        return URI.create("http://127.0.0.1:" + push().boundPort() + path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(LONG).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(http(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** All events that the topic keeps, as JSON objects. */
    List<String> kept(String topic) throws Exception {
        String answer = send(HttpRequest.newBuilder(
                                http("/events?transport=poll&wait=0&position=earliest&topic=" + topic))
                        .GET())
                .body();
        return answer.lines().toList().isEmpty() ? List.of() : objects(answer);
    }

    private static final Pattern EVENT =
            Pattern.compile("\\{\"id\":\"[^\"]*\",\"topic\":.*?\\}(?=,\\{|\\]$)", Pattern.DOTALL);

    private static List<String> objects(String array) {
        return EVENT.matcher(array.strip()).results().map(x -> x.group()).toList();
    }

    /** The data of all events that the topic keeps, of texts without quotes and braces. */
    List<String> keptData(String topic) throws Exception {
        Pattern data = Pattern.compile("\"data\":\"([^\"]*)\"");
        return kept(topic).stream()
                .map(object -> {
                    Matcher found = data.matcher(object);
                    return found.find() ? found.group(1) : "no data in " + object;
                })
                .toList();
    }

    Stream subscribe(String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(http("/events?" + query))
                .header("Accept", "application/x-ndjson")
                .build();
        HttpResponse<java.util.stream.Stream<String>> answer =
                client.send(request, HttpResponse.BodyHandlers.ofLines());
        Stream stream = new Stream(answer.body());
        stream.awaitLine(line -> line.contains("\"control\":\"hello\""));
        return stream;
    }

    WebSocketClient connect(String path) throws Exception {
        WebSocketClient socket = new WebSocketClient();
        URI uri = URI.create("ws" + http(path).toString().substring(4));
        socket.socket = client.newWebSocketBuilder().buildAsync(uri, socket).get(LONG.toSeconds(), TimeUnit.SECONDS);
        return socket;
    }

    @Override
    public void close() {
        context.stop();
    }

    /** A subscriber on the NDJSON stream. */
    static final class Stream implements AutoCloseable {
        private static final String END = "(the stream has ended)";

        private final java.util.stream.Stream<String> lines;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        Stream(java.util.stream.Stream<String> lines) {
            this.lines = lines;
            Thread reader = new Thread(() -> read(lines), "test-stream");
            reader.setDaemon(true);
            reader.start();
        }

        private void read(java.util.stream.Stream<String> all) {
            try {
                all.forEach(received::add);
            } catch (RuntimeException e) {
                // the connection is gone, which the end says
            }
            received.add(END);
        }

        String awaitLine(java.util.function.Predicate<String> wanted) throws Exception {
            long end = System.nanoTime() + LONG.toNanos();
            while (true) {
                String line = received.poll(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new TimeoutException("no such line came");
                }
                if (wanted.test(line)) {
                    return line;
                }
                if (line.equals(END)) {
                    throw new IOException("the stream has ended");
                }
            }
        }

        /** The next event; controls are skipped. */
        String awaitEvent() throws Exception {
            return awaitLine(line -> line.contains("\"topic\":"));
        }

        @Override
        public void close() {
            lines.close();
        }
    }

    /** A plain WebSocket client: each message with {@code text:} or {@code binary:} in front. */
    static final class WebSocketClient implements WebSocket.Listener, AutoCloseable {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        private WebSocket socket;

        void text(String text) throws Exception {
            socket.sendText(text, true).get(LONG.toSeconds(), TimeUnit.SECONDS);
        }

        void binary(byte... data) throws Exception {
            socket.sendBinary(ByteBuffer.wrap(data), true).get(LONG.toSeconds(), TimeUnit.SECONDS);
        }

        String await() throws Exception {
            String message = received.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new TimeoutException("no message came");
            }
            return message;
        }

        String await(Consumer<String> skipped, String part) throws Exception {
            String message = await();
            while (!message.contains(part)) {
                skipped.accept(message);
                message = await();
            }
            return message;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                received.add("text:" + partial);
                partial.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            received.add("binary:" + java.util.HexFormat.of().formatHex(bytes));
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            received.add("close:" + code);
            return null;
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
