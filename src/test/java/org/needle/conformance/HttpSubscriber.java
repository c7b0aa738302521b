package org.needle.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** SSE or NDJSON by the JDK's HTTP client; lines are cut by hand, so that nothing is forgiven. */
final class HttpSubscriber extends Subscriber {
    static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final HttpClient OVER_TLS = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(TestKeys.trusting())
            .build();

    private final Ask ask;
    private final boolean sse;
    private final SseLines lines = new SseLines();
    private final InputStream body;

    HttpSubscriber(Ask ask, int limit, boolean sse) {
        super(limit);
        this.ask = ask;
        this.sse = sse;
        HttpRequest.Builder request = HttpRequest.newBuilder(ask.uri("http"))
                .timeout(PATIENCE)
                .header("Accept", sse ? "text/event-stream" : "application/x-ndjson");
        if (ask.inHeader()) {
            request.header("Last-Event-ID", ask.position());
        }
        this.body = send(request.build());
        Thread reader = new Thread(this::read, "reads " + this);
        reader.setDaemon(true);
        reader.start();
    }

    private InputStream send(HttpRequest request) {
        try {
            HttpResponse<InputStream> response = ask.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (response.statusCode() != 200 || !type.equals(sse ? "text/event-stream" : "application/x-ndjson")) {
                throw new AssertionError(this + " got " + response.statusCode() + " and type " + type);
            }
            return response.body();
        } catch (IOException e) {
            throw new AssertionError(this + " could not connect", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void read() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] chunk = new byte[1 << 16];
        try (body) {
            boolean more = true;
            for (int n = body.read(chunk); more && n >= 0; n = more ? body.read(chunk) : -1) {
                for (int i = 0; more && i < n; i++) {
                    if (chunk[i] == '\n') {
                        more = take(line.toString(StandardCharsets.UTF_8));
                        line.reset();
                    } else {
                        line.write(chunk[i]);
                    }
                }
            }
        } catch (IOException e) {
            // cut: what has come counts
        } catch (AssertionError | RuntimeException e) {
            fault(e);
        } finally {
            end();
        }
    }

    private boolean take(String line) {
        Frame frame = sse ? lines.take(line) : Frame.of(Frame.parse(line));
        return frame == null || take(frame);
    }

    @Override
    public void close() {
        end();
        try {
            body.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    @Override
    public String toString() {
        return (sse ? "sse " : "stream ") + ask.target();
    }
}
