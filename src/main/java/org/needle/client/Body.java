package org.needle.client;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A response whose body is taken apart while it comes, one buffer at a time: the server is asked for more when the pieces of a
 * buffer have been taken. The HTTP client's threads bring buffers, one after the other.
 */
final class Body implements HttpResponse.BodySubscriber<Body> {
    /** Bytes to pieces, each a JSON text. */
    interface Cut {
        /** @throws DialException if there is more than may be held */
        void feed(ByteBuffer bytes, List<Piece> pieces) throws DialException;
    }

    /**
     * One JSON text.
     *
     * @param id what the frame around it says is its id; null if there is none
     */
    record Piece(String json, @Nullable String id) {}

    /** Takes what comes; the next buffer is read when the stage is complete. */
    interface Taker {
        CompletionStage<Void> take(List<Piece> pieces, int bytes);

        /** @param failure null if the body ended as it should */
        void end(@Nullable Throwable failure);
    }

    private final Cut cut;
    private final Taker taker;
    private final CompletableFuture<Flow.Subscription> upstream = new CompletableFuture<>();

    Body(Cut cut, Taker taker) {
        this.cut = cut;
        this.taker = taker;
    }

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedStage(this);
    }

    /** Reads no more. */
    void cancel() {
        upstream.thenAccept(Flow.Subscription::cancel);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream.complete(subscription);
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        List<Piece> pieces = new ArrayList<>();
        int bytes = 0;
        try {
            for (ByteBuffer buffer : buffers) {
                bytes += buffer.remaining();
                cut.feed(buffer, pieces);
            }
        } catch (DialException e) {
            cancel();
            taker.end(e);
            return;
        }
        taker.take(pieces, bytes).whenComplete((taken, failure) -> {
            if (failure == null) {
                upstream.thenAccept(subscription -> subscription.request(1));
            } else {
                cancel();
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        taker.end(failure);
    }

    @Override
    public void onComplete() {
        taker.end(null);
    }
}
