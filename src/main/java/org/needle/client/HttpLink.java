package org.needle.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;
import org.needle.path.Seen.What;
import org.needle.wire.ServerFrame;
import org.needle.wire.ServerFrames;

/** A link over HTTP: one request, whose answer is a stream or a poll's array. What comes is handed to the owner's executor. */
final class HttpLink implements Link {
    private static final int PROBLEM = 64 << 10;

    private final Ask ask;
    private final Sink sink;
    private final Owner owner;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private final CompletableFuture<HttpResponse<Body>> answer;

    // owner's thread
    private boolean closed;

    HttpLink(Dial dial, Ask ask, Sink sink, Owner owner) {
        this.ask = ask;
        this.sink = sink;
        this.owner = owner;
        HttpRequest.Builder request = dial.request(ask.uri());
        ask.headers().forEach(request::setHeader);
        if (ask.rung() == Rung.STREAM) {
            request.POST(HttpRequest.BodyPublishers.noBody());
        }
        this.answer = dial.send(request.build(), this::body);
        answer.whenComplete((response, failure) -> {
            if (failure != null) {
                end(failure);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        answer.whenComplete((response, failure) -> {
            if (response != null) {
                response.body().cancel();
            }
        });
        answer.cancel(true);
    }

    // ---- the HTTP client's threads ----

    private HttpResponse.BodySubscriber<Body> body(HttpResponse.ResponseInfo head) {
        String type = head.headers().firstValue("Content-Type").orElse("");
        int status = head.statusCode();
        boolean right = status == 200 && type.startsWith(ask.type());
        tell(at -> {
            if (!type.startsWith("application/problem+json")) {
                sink.seen(at, What.STATUS, status);
            }
            if (!right && status == 200) {
                sink.reason("answered with " + (type.isEmpty() ? "no type" : type) + " instead of " + ask.type());
                sink.seen(at, What.OTHER, 0);
            }
        });
        return right ? new Body(cut(), new Frames()) : new Body(Cuts.whole(whole, PROBLEM), new Problem(head));
    }

    private Body.Cut cut() {
        return switch (ask.rung()) {
            case SSE -> Cuts.sse();
            case STREAM, CYCLE -> Cuts.lines();
            case WEBSOCKET, POLL, SHORT_POLL -> Cuts.whole(whole, Cuts.MOST);
        };
    }

    private CompletionStage<Void> tell(LongConsumer told) {
        return owner.tell(() -> !closed, told);
    }

    private void end(@Nullable Throwable failure) {
        tell(at -> ended(at, failure));
    }

    // ---- the owner's thread ----

    private void ended(long at, @Nullable Throwable failure) {
        if (failure == null) {
            sink.seen(at, What.END, 0);
            return;
        }
        Throwable cause = failure.getCause() instanceof DialException known ? known : failure;
        sink.reason(String.valueOf(cause.getMessage()));
        if (cause instanceof DialException dial && dial.fault() == Fault.PROXY_AUTH) {
            sink.seen(at, What.STATUS, 407);
        } else {
            sink.seen(at, What.RESET, 0);
        }
    }

    /** The frames of pieces; what is none, or is not what its frame says, is damaged and the last. */
    private void take(long at, List<Body.Piece> pieces, long bytes) {
        List<ServerFrame> frames = new ArrayList<>(pieces.size());
        for (Body.Piece piece : pieces) {
            ServerFrame frame = parsed(piece);
            if (frame == null) {
                sink.frames(at, frames, bytes);
                sink.seen(at, What.DAMAGED, 0);
                return;
            }
            frames.add(frame);
        }
        sink.alive(at);
        if (!frames.isEmpty()) {
            sink.frames(at, frames, bytes);
        }
    }

    private static @Nullable ServerFrame parsed(Body.Piece piece) {
        try {
            ServerFrame frame = ServerFrames.parse(piece.json());
            boolean other = frame instanceof ServerFrame.Event event
                    && piece.id() != null
                    && !piece.id().equals(event.id());
            return other ? null : frame;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A stream's pieces as they come; a poll's at its end. */
    private final class Frames implements Body.Taker {
        private long bytes;

        @Override
        public CompletionStage<Void> take(List<Body.Piece> pieces, int more) {
            bytes += more;
            long sum = bytes;
            return tell(at -> HttpLink.this.take(at, pieces, sum));
        }

        @Override
        public void end(@Nullable Throwable failure) {
            tell(at -> {
                if (ask.rung().isPoll() && failure == null) {
                    poll(at);
                }
                ended(at, failure);
            });
        }

        private void poll(long at) {
            try {
                sink.frames(at, ServerFrames.poll(whole.toByteArray()), whole.size());
            } catch (IllegalArgumentException e) {
                sink.seen(at, What.DAMAGED, 0);
            }
        }
    }

    /** What is said instead. */
    private final class Problem implements Body.Taker {
        private final int status;
        private final long retry;

        Problem(HttpResponse.ResponseInfo head) {
            this.status = head.statusCode();
            this.retry = head.headers()
                    .firstValue("Retry-After")
                    .filter(seconds -> seconds.matches("\\d{1,4}"))
                    .map(seconds -> 1_000 * Long.parseLong(seconds))
                    .orElse(1_000L);
        }

        @Override
        public CompletionStage<Void> take(List<Body.Piece> pieces, int bytes) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void end(@Nullable Throwable failure) {
            tell(at -> {
                String title = ServerFrames.problem(whole.toByteArray());
                if (title != null && status >= 400 && status < 405) {
                    sink.refused(status, title);
                } else if (title != null && (status == 503 || status == 429)) {
                    sink.frames(at, List.of(new ServerFrame.Bye(title, retry)), 0);
                    sink.seen(at, What.END, 0);
                } else if (status != 200) {
                    sink.reason("answered " + status + (title == null ? "" : ": " + title));
                    sink.seen(at, What.STATUS, status);
                }
            });
        }
    }
}
