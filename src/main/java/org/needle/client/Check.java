package org.needle.client;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.needle.path.Beside;
import org.needle.path.Beside.Info;
import org.needle.wire.ServerFrame;
import org.needle.wire.ServerFrames;

/** Asks {@code /info}: whether the gateway is there, and what became of the request on the way. */
final class Check {
    private static final int MOST = 64 << 10;
    private static final List<String> SENT = List.of("accept", "cache-control", "last-event-id");

    private final Dial dial;
    private final URI base;
    private final String nonce;

    Check(Dial dial, URI base, String nonce) {
        this.dial = dial;
        this.base = base;
        this.nonce = nonce;
    }

    /**
     * How it was answered.
     *
     * @param missing headers that did not arrive
     * @param reason in words, where it was not answered by the gateway; else empty
     */
    record Answer(Info info, List<String> missing, boolean http10, String reason) {
        Answer(Info info, String reason) {
            this(info, List.of(), false, reason);
        }

        Beside beside(long rtt, long connect) {
            return new Beside(null, rtt, connect, missing, http10);
        }
    }

    /** Never fails. */
    CompletableFuture<Answer> ask(long patience) {
        HttpRequest request = dial.request(
                        URI.create(base.getScheme() + "://" + base.getRawAuthority() + "/info?nonce=" + nonce))
                .timeout(Duration.ofMillis(patience))
                .setHeader("Accept", "application/json")
                .setHeader("Cache-Control", "no-cache")
                .setHeader("Last-Event-ID", nonce)
                .build();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Body>> response = dial.send(
                request,
                head -> new Body(Cuts.whole(whole, MOST), new Body.Taker() {
                    @Override
                    public CompletableFuture<Void> take(List<Body.Piece> pieces, int bytes) {
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public void end(@Nullable Throwable failure) {
                        if (failure != null) {
                            answer.complete(of(failure));
                        } else if (head.statusCode() != Faults.PROXY_AUTH) { // which the dial names
                            answer.complete(of(head, whole.toByteArray()));
                        }
                    }
                }));
        response.whenComplete((head, failure) -> {
            if (failure != null) {
                answer.complete(of(failure.getCause() == null ? failure : failure.getCause()));
            }
        });
        return answer.completeOnTimeout(
                new Answer(Info.NONE, base + " did not answer in time"), patience, TimeUnit.MILLISECONDS);
    }

    private Answer of(HttpResponse.ResponseInfo head, byte[] body) {
        int status = head.statusCode();
        String type = head.headers().firstValue("Content-Type").orElse("");
        if (status / 100 == 3 || status == 511 || (status == 200 && !type.startsWith("application/json"))) {
            String where =
                    head.headers().firstValue("Location").map(to -> " to " + to).orElse("");
            return new Answer(Info.PORTAL, "somebody else answers for the gateway: " + status + " " + type + where);
        }
        if (status == 408 || status == 429 || (status >= 500 && status != 501)) {
            return new Answer(Info.AWAY, base + " answered " + status);
        }
        if (status != 200) {
            return new Answer(Info.ODD, base + "/info answered " + status);
        }
        try {
            return of(ServerFrames.info(body));
        } catch (IllegalArgumentException e) {
            return new Answer(Info.ODD, base + "/info is damaged");
        }
    }

    private Answer of(ServerFrame.Info info) {
        if (!info.nonce().equals(nonce)) {
            return new Answer(Info.ODD, base + "/info answers somebody else's question");
        }
        List<String> missing =
                SENT.stream().filter(name -> !info.headers().containsKey(name)).toList();
        boolean http10 = info.protocol().equals("HTTP/1.0")
                || info.headers().getOrDefault("via", "").startsWith("1.0");
        return new Answer(Info.OURS, missing, http10, "");
    }

    private static Answer of(Throwable failure) {
        boolean refused = failure instanceof DialException dial
                && (dial.fault() == Fault.REFUSED || (dial.fault() == Fault.PROXY_REFUSED && dial.status() >= 502));
        return new Answer(refused ? Info.AWAY : Info.NONE, String.valueOf(failure.getMessage()));
    }
}
