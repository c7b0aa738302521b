package org.needle.lab;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Where in a connection's chain a fault acts, and all that it may do there. Owned by the connection's loop. */
final class Place {
    private final Line line;
    private final int index;
    private final long begun;
    private final Set<Future<?>> waits = new HashSet<>();
    private final Stage stage;

    Place(Line line, int index, Fault fault, long begun) {
        this.line = line;
        this.index = index;
        this.begun = begun;
        this.stage = fault.at(this);
    }

    Stage stage() {
        return stage;
    }

    // ---- passing on ----

    /** Passes a piece on to the server. */
    void up(Piece piece) {
        line.up(index + 1, piece);
    }

    /** Passes a piece on to the client. */
    void down(Piece piece) {
        line.down(index - 1, piece);
    }

    /** Answers a request that has not been passed on. */
    void answer(HttpRequest to, Guard.Reply reply) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        if (!to.method().equals(HttpMethod.CONNECT) || reply.status() >= 300) {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        }
        if (!HttpUtil.isKeepAlive(to)) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        reply.headers().forEach((name, value) -> head.headers().set(name, value));
        long now = now();
        down(new Piece.Answer(to, head, now));
        if (body.length > 0 && !to.method().equals(HttpMethod.HEAD)) {
            down(new Piece.Body(head, Unpooled.wrappedBuffer(body), now));
        }
        down(new Piece.End(head, now));
    }

    /** Ends the connection. */
    void end(Ending ending) {
        line.end(ending);
    }

    /** Whether more is read from the server. */
    void readServer(boolean more) {
        line.readServer(more);
    }

    /** Whether more is read from the client. */
    void readClient(boolean more) {
        line.readClient(more);
    }

    // ---- time and chance ----

    /** Does something later, unless the connection ends or another profile takes over before. */
    void after(long millis, Runnable work) {
        at(now() + TimeUnit.MILLISECONDS.toNanos(millis), work);
    }

    /** The same at a time of {@link #now}. */
    void at(long nanos, Runnable work) {
        waits.removeIf(Future::isDone);
        waits.add(line.loop().schedule(work, Math.max(0, nanos - now()), TimeUnit.NANOSECONDS));
    }

    /** The lab's time in ns. */
    long now() {
        return Network.now();
    }

    /** For how many ms the profile has been in force. */
    long elapsed() {
        return TimeUnit.NANOSECONDS.toMillis(now() - begun);
    }

    /** How many ms ago the client opened the connection. */
    long age() {
        return TimeUnit.NANOSECONDS.toMillis(now() - line.opened());
    }

    /** This connection's own chance, which follows from the lab's seed and the connection's number. */
    SplittableRandom chance() {
        return line.chance();
    }

    /** Whether a stream or an upgraded connection is under way, which began under another profile. */
    boolean isStreaming() {
        return line.isStreaming();
    }

    int targetPort() {
        return line.targetPort();
    }

    // ---- the end ----

    /** Another profile takes over; what is held goes on under it. */
    void leave() {
        stage.leave();
        forget();
    }

    void over() {
        forget();
        stage.over();
    }

    private void forget() {
        waits.forEach(wait -> wait.cancel(false));
        waits.clear();
    }
}
