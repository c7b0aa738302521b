package org.needle.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.needle.access.Grant;
import org.needle.hub.SystemClock;

/**
 * One WebSocket at a route's path. There is no log behind it: a client that does not read until {@value #MAX_UNREAD} bytes have
 * gathered is disconnected. Fields belong to the event loop.
 */
final class PlainSocket implements Socket, WsInbound.Receiver {
    private static final int MAX_UNREAD = 4 << 20;
    private static final byte[] NOTHING = {};

    private final EdgeContext edge;
    private final Channel channel;
    private final String path;
    private final Grant grant;
    private CompletionStage<?> last = CompletableFuture.completedStage(null);
    private int inFlight;
    private long lastSeen = SystemClock.nanos();

    private PlainSocket(EdgeContext edge, Channel channel, String path, Grant grant) {
        this.edge = edge;
        this.channel = channel;
        this.path = path;
        this.grant = grant;
    }

    /** Answers the handshake; if it is right the connection is a socket from then on. */
    static void open(EdgeContext edge, ChannelHandlerContext context, FullHttpRequest request, Answers answers) {
        StreamHead head = Upgrade.check(request, answers);
        if (head == null) {
            return;
        }
        if (edge.draining || edge.isFull()) {
            throw new Refusal(503, "no new connections at the moment");
        }
        Query query = new Query(request.uri());
        Pass pass = edge.doors.pass(Join.claim(request, query));
        edge.doors.spend(pass);
        PlainSocket socket = new PlainSocket(edge, context.channel(), query.path(), pass.grant());
        context.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(MAX_UNREAD / 2, MAX_UNREAD));
        HttpPipeline.shed(context.pipeline());
        Upgrade.install(context.pipeline(), edge.settings);
        context.pipeline().addLast(new WsInbound(socket));
        socket.channel.writeAndFlush(head.on(socket.channel), socket.channel.voidPromise());
        socket.begin();
    }

    private void begin() {
        edge.sockets.joined(path, this);
        long heartbeat = edge.settings.timing().heartbeat().toNanos();
        ScheduledFuture<?> pings = channel.eventLoop()
                .scheduleWithFixedDelay(() -> ping(heartbeat), heartbeat, heartbeat, TimeUnit.NANOSECONDS);
        ScheduledFuture<?> expiry =
                channel.eventLoop().scheduleWithFixedDelay(this::checkGrant, 1, 1, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> {
            pings.cancel(false);
            expiry.cancel(false);
            edge.sockets.left(path, this);
        });
    }

    private void checkGrant() {
        if (edge.doors.isOver(grant)) {
            WsInbound.end(channel, WsFrames.UNAUTHORIZED, "expired");
        }
    }

    private void ping(long heartbeat) {
        if (SystemClock.nanos() - lastSeen > 2 * heartbeat + TimeUnit.SECONDS.toNanos(5)) {
            channel.close();
        } else {
            channel.writeAndFlush(WsFrames.frame(WsFrames.PING, NOTHING, channel.alloc()), channel.voidPromise());
        }
    }

    @Override
    public String id() {
        return channel.id().asLongText();
    }

    @Override
    public @Nullable String subject() {
        return grant.subject();
    }

    @Override
    public boolean isOpen() {
        return channel.isActive();
    }

    @Override
    public CompletionStage<Void> sendText(String text) {
        return send(WsFrames.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public CompletionStage<Void> sendBinary(byte[] data) {
        return send(WsFrames.BINARY, data);
    }

    private CompletionStage<Void> send(int opcode, byte[] payload) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (!channel.isWritable() && channel.isActive()) {
            channel.close();
            sent.completeExceptionally(
                    new IOException("the client at " + path + " does not read; it was disconnected"));
            return sent;
        }
        channel.writeAndFlush(WsFrames.frame(opcode, payload, channel.alloc())).addListener(done -> {
            if (done.isSuccess()) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(new IOException("the client at " + path + " is gone", done.cause()));
            }
        });
        return sent;
    }

    @Override
    public void close() {
        end(WsFrames.NORMAL, "");
    }

    void drain() {
        end(WsFrames.RESTART, "stopping");
    }

    private void end(int code, String reason) {
        channel.writeAndFlush(WsFrames.close(code, reason, channel.alloc()), channel.voidPromise());
        channel.eventLoop().schedule(() -> channel.close(), 2, TimeUnit.SECONDS);
    }

    @Override
    public void seen() {
        lastSeen = SystemClock.nanos();
    }

    @Override
    public void text(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        take(listener -> listener.onText(this, text));
    }

    @Override
    public void binary(byte[] data) {
        take(listener -> listener.onBinary(this, data));
    }

    /** One message after the other: while one is being dealt with nothing more is read from the client. */
    private void take(Function<SocketListener, CompletionStage<Void>> message) {
        inFlight++;
        channel.config().setAutoRead(false);
        last = last.handle((done, failure) -> null)
                .thenCompose(x -> CompletableFuture.allOf(edge.sockets.listeners(path).stream()
                        .map(listener -> message.apply(listener).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
                .handle((done, failure) -> {
                    channel.eventLoop().execute(this::resume);
                    return null;
                });
    }

    private void resume() {
        if (--inFlight == 0) {
            channel.config().setAutoRead(true);
        }
    }
}
