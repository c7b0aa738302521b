package org.needle.camel;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.needle.conformance.TestKeys;
import org.needle.edge.DevelopmentKeys;

/**
 * A server that is forwarded to: HTTPS on this machine. {@code /stream?n=&ms=} streams numbered events; {@code /held} streams one, and
 * the next ones as they are released; {@code /flood} streams as fast as it is read; {@code /echo}, {@code /status}, {@code /moved}, {@code /bytes} are no streams.
 */
final class Upstream implements AutoCloseable {
    record Request(String line, Headers headers, String body) {}

    /** Making them takes seconds. */
    private static final DevelopmentKeys KEYS = keys();

    final List<Request> requests = java.util.Collections.synchronizedList(new ArrayList<>());
    /** The paths of streams whose client has gone before their end. */
    final BlockingQueue<String> released = new LinkedBlockingQueue<>();

    final Semaphore next = new Semaphore(0);
    final AtomicLong flooded = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;

    Upstream() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(KEYS.load()));
        server.setExecutor(threads);
        on("/stream", this::stream);
        on("/held", this::held);
        on("/flood", this::flood);
        on("/echo", Upstream::echo);
        on("/status", x -> answer(x, Integer.parseInt(query(x).get("code")), "text/plain", "so it is"));
        on("/moved", x -> {
            x.getResponseHeaders().set("Location", "https://127.0.0.1:1/secret");
            answer(x, 307, "text/plain", "elsewhere");
        });
        on("/bytes", this::bytes);
        on("/broken", this::broken);
        on("/silent", x -> closed.await(20, TimeUnit.SECONDS));
        server.start();
    }

    private static DevelopmentKeys keys() {
        try {
            return new TestKeys(Files.createTempDirectory("upstream")).keys();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws Exception;
    }

    private void on(String path, Handler handler) {
        server.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(), exchange.getRequestHeaders(), body));
            try {
                handler.handle(exchange);
            } catch (IOException e) {
                released.add(exchange.getRequestURI().getPath());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                exchange.close();
            }
        });
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, Math.max(0, equals)), pair.substring(equals + 1));
        }
        return query;
    }

    private static OutputStream begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=utf-8");
        exchange.getResponseHeaders()
                .set("Connection", "close"); // else this server may drop the next request on it unread
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void event(OutputStream out, String text) throws IOException {
        out.write((text + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void stream(HttpExchange exchange) throws Exception {
        Map<String, String> query = query(exchange);
        int count = Integer.parseInt(query.get("n"));
        long pause = Long.parseLong(query.getOrDefault("ms", "0"));
        try (OutputStream out = begin(exchange)) {
            for (int i = 1; i <= count; i++) {
                event(out, "id: up-" + i + "\nevent: token\ndata: part " + i);
                if (pause > 0 && closed.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        }
    }

    private void held(HttpExchange exchange) throws Exception {
        try (OutputStream out = begin(exchange)) {
            event(out, "data: part 1");
            for (int i = 2; closed.getCount() > 0; ) {
                if (next.tryAcquire(50, TimeUnit.MILLISECONDS)) {
                    event(out, "data: part " + i++);
                } else {
                    out.write(":\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
                if (i > 5) {
                    return;
                }
            }
        }
    }

    private void flood(HttpExchange exchange) throws Exception {
        String data = "x".repeat(1_000);
        try (OutputStream out = begin(exchange)) {
            for (int i = 1; i <= 20_000; i++) {
                event(out, "data: " + i + " " + data);
                flooded.set(i);
            }
        }
    }

    private static void echo(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Set-Cookie", "upstream=secret");
        exchange.getResponseHeaders().set("X-Kept", "yes");
        exchange.getResponseHeaders().set("Connection", "X-Private");
        exchange.getResponseHeaders().set("X-Private", "no");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        answer(exchange, 200, "application/json", "{\"path\":\"" + exchange.getRequestURI() + "\"}");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private void bytes(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.sendResponseHeaders(200, 0);
        byte[] part = new byte[64 << 10];
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 1_000; i++) {
                out.write(part);
                flooded.addAndGet(part.length);
            }
        }
    }

    /** The connection is cut in the middle of the answer. */
    private void broken(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 1_000);
        event(exchange.getResponseBody(), "data: part 1");
    }

    /** Lets {@code count} more events of {@code /held} out. */
    void release(int count) {
        next.release(count);
    }

    String awaitReleased(long seconds) throws InterruptedException {
        return released.poll(seconds, TimeUnit.SECONDS);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "https://127.0.0.1:" + port();
    }

    /** Makes a context trust it. */
    static void trust(CamelContext context) {
        context.setSSLContextParameters(new SSLContextParameters() {
            @Override
            public javax.net.ssl.SSLContext createSSLContext(CamelContext of) {
                return TestKeys.trusting();
            }
        });
        context.getComponent("https-proxy", HttpsProxyComponent.class).setUseGlobalSslContextParameters(true);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
