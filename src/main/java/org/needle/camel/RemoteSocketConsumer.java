package org.needle.camel;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.needle.client.ClientSocket;
import org.needle.client.Dial;
import org.needle.client.DialException;
import org.needle.client.Fault;
import org.needle.client.SocketReader;
import org.needle.client.SteadySocket;

/**
 * Takes the messages of a server over connections that we open: text as a string, binary as a stream, as in Camel 3. Each connection
 * has one message in the route at a time, on a thread that may block, and is read from no further meanwhile.
 */
final class RemoteSocketConsumer extends DrainedConsumer {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Dial dial;
    private final SocketOptions.Plan plan;
    private final AtomicInteger pending = new AtomicInteger();

    // from start to stop
    private volatile List<SteadySocket> sockets = List.of();
    private @Nullable ExecutorService threads;

    RemoteSocketConsumer(WebSocketEndpoint endpoint, Processor processor, Dial dial, SocketOptions.Plan plan) {
        super(endpoint, processor);
        this.dial = dial;
        this.plan = plan;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        setHealthCheck(new SocketHealth(getRouteId(), () -> sockets));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        threads = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "websocket-jsr356", plan.sessions());
        List<SteadySocket> all = new ArrayList<>();
        for (int i = 0; i < plan.sessions(); i++) {
            all.add(new SteadySocket(dial, plan.ask(), plan.backoff(), new Reading()));
        }
        sockets = List.copyOf(all);
        doResume();
    }

    @Override
    protected void doResume() {
        sockets.forEach(SteadySocket::start);
    }

    @Override
    protected void doSuspend() {
        sockets.forEach(SteadySocket::stop);
    }

    @Override
    protected void doStop() throws Exception {
        doSuspend();
        sockets = List.of();
        if (threads != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
            threads = null;
        }
        super.doStop();
    }

    private CompletableFuture<Void> route(ClientSocket socket, Object body) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        pending.incrementAndGet();
        done.whenComplete((x, failure) -> pending.decrementAndGet());
        try {
            Objects.requireNonNull(threads, "not started").execute(() -> {
                Exchange exchange = createExchange(false);
                exchange.getMessage().setBody(body);
                exchange.getMessage().setHeader(WebSocketHeaders.SESSION, new Session(new RemoteSession(socket)));
                getAsyncProcessor().process(exchange, sync -> conclude(exchange, done));
            });
        } catch (RuntimeException e) { // stopping
            done.completeExceptionally(e);
        }
        return done;
    }

    private void conclude(Exchange exchange, CompletableFuture<Void> done) {
        Exception failure = exchange.getException();
        if (failure != null) {
            handleException("a message of the server failed", exchange, failure);
        }
        releaseExchange(exchange, false);
        done.complete(null);
    }

    @Override
    public int getPendingExchangesSize() {
        return pending.get();
    }

    /** One connection's parts; fields belong to its reading turn. */
    private final class Reading implements SocketReader {
        private final StringBuilder text = new StringBuilder();
        private @Nullable PartStream binary;
        private CompletableFuture<Void> routed = DONE;

        @Override
        public CompletionStage<Void> onText(ClientSocket socket, String part, boolean last) {
            if (text.length() + (long) part.length() > plan.maxMessage()) {
                return CompletableFuture.failedStage(new DialException(
                        Fault.MESSAGE_TOO_LARGE, socket + ": a text beyond " + plan.maxMessage(), null));
            }
            text.append(part);
            if (!last) {
                return DONE;
            }
            String whole = text.toString();
            text.setLength(0);
            text.trimToSize();
            return route(socket, whole);
        }

        @Override
        public CompletionStage<Void> onBinary(ClientSocket socket, byte[] part, boolean last) {
            PartStream stream = binary;
            if (stream == null && last) {
                return route(socket, new ByteArrayInputStream(part));
            }
            if (stream == null) {
                stream = new PartStream();
                binary = stream;
                routed = route(socket, stream);
                routed.whenComplete((done, failure) -> close(binary));
            }
            CompletableFuture<Void> taken = stream.add(part, last);
            binary = last ? null : stream;
            return last ? routed : taken;
        }

        @Override
        public void onEnd(ClientSocket socket, int code, String reason, @Nullable DialException fault) {
            text.setLength(0);
            PartStream half = binary;
            binary = null;
            if (half != null) {
                half.cut();
            }
        }
    }

    /** A route that has not read to the end wants no more of it. */
    private static void close(@Nullable PartStream stream) {
        if (stream != null) {
            stream.close();
        }
    }
}
