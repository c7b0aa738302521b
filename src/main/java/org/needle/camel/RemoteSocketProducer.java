package org.needle.camel;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.MessageHelper;
import org.jspecify.annotations.Nullable;
import org.needle.client.ClientSocket;
import org.needle.client.Dial;
import org.needle.client.DialException;
import org.needle.client.SteadySocket;

/**
 * Sends bodies to a server, over the connections in turn that are open: strings as text, bytes and streams as binary. What the server
 * says is not listened to. Never blocks but to read a stream, which a thread of its own does.
 */
final class RemoteSocketProducer extends DefaultAsyncProducer {
    private final Dial dial;
    private final SocketOptions.Plan plan;
    private final AtomicInteger turn = new AtomicInteger();

    // from start to stop
    private volatile List<SteadySocket> sockets = List.of();
    private @Nullable ExecutorService threads;

    RemoteSocketProducer(WebSocketEndpoint endpoint, Dial dial, SocketOptions.Plan plan) {
        super(endpoint);
        this.dial = dial;
        this.plan = plan;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        threads = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newDefaultThreadPool(this, "websocket-jsr356");
        List<SteadySocket> all = new ArrayList<>();
        for (int i = 0; i < plan.sessions(); i++) {
            all.add(new SteadySocket(dial, plan.ask(), plan.backoff(), new Deaf()));
        }
        all.forEach(SteadySocket::start);
        sockets = List.copyOf(all);
    }

    @Override
    protected void doStop() throws Exception {
        sockets.forEach(SteadySocket::stop);
        sockets = List.of();
        if (threads != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
            threads = null;
        }
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<Void> sent;
        try {
            sent = send(exchange).toCompletableFuture();
        } catch (Exception e) { // every failure of a producer belongs to its exchange
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        sent.whenCompleteAsync(
                (done, failure) -> {
                    if (failure != null) {
                        exchange.setException(failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                    callback.done(false);
                },
                running());
        return false;
    }

    private ExecutorService running() {
        return Objects.requireNonNull(threads, "not started");
    }

    private CompletionStage<Void> send(Exchange exchange) throws CamelExchangeException {
        Message message = exchange.getMessage();
        if (message.getHeader(WebSocketHeaders.USE_INCOMING, false, boolean.class)) {
            return SocketProducer.answer(message);
        }
        Object body = message.getBody();
        if (body instanceof byte[] || body == null || !Bodies.isBytes(body)) {
            byte[] data = body instanceof byte[] bytes ? bytes : null;
            String text = body == null ? "" : data == null ? Bodies.mandatory(message, String.class) : "";
            return socket(exchange)
                    .thenCompose(socket -> data == null ? socket.sendText(text) : socket.sendBinary(data));
        }
        MessageHelper.resetStreamCache(message);
        InputStream stream = Bodies.mandatory(message, InputStream.class);
        return socket(exchange)
                .thenCompose(socket -> socket.sendBinary(stream, running()))
                .whenComplete((done, failure) -> MessageHelper.resetStreamCache(message));
    }

    /** One that is open, else the first to be open within the time for that. */
    private CompletableFuture<ClientSocket> socket(Exchange exchange) {
        List<SteadySocket> all = sockets;
        int first = Math.floorMod(turn.getAndIncrement(), plan.sessions());
        for (int i = 0; i < all.size(); i++) {
            SteadySocket next = all.get((first + i) % all.size());
            if (next.isOpen()) {
                return next.socket();
            }
        }
        SteadySocket awaited = all.get(first);
        return awaited.socket()
                .orTimeout(plan.ask().timeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    throw new CompletionException(late(exchange, awaited, failure));
                });
    }

    private Throwable late(Exchange exchange, SteadySocket socket, Throwable failure) {
        DialException trouble = socket.trouble();
        String what = failure instanceof TimeoutException
                ? "no connection within " + plan.ask().timeout().toMillis() + " ms"
                : "no connection";
        return new CamelExchangeException(
                what + (trouble == null ? "" : ": " + trouble.getMessage()),
                exchange,
                trouble == null ? failure : trouble);
    }

    /** Drops whatever comes. */
    private static final class Deaf implements org.needle.client.SocketReader {
        private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<Void> onText(ClientSocket socket, String part, boolean last) {
            return DONE;
        }

        @Override
        public CompletionStage<Void> onBinary(ClientSocket socket, byte[] part, boolean last) {
            return DONE;
        }

        @Override
        public void onEnd(ClientSocket socket, int code, String reason, @Nullable DialException fault) {
            // it is opened again
        }
    }
}
