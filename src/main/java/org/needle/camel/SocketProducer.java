package org.needle.camel;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.needle.edge.Sockets;

/** Sends bodies to plain WebSocket connections at a path: to all of them, or to the one that the exchange came from. */
final class SocketProducer extends DefaultAsyncProducer {
    private final WebSocketEndpoint endpoint;
    private final String path;

    SocketProducer(WebSocketEndpoint endpoint, String path) {
        super(endpoint);
        this.endpoint = endpoint;
        this.path = path;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.keepOpen();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletionStage<Void> sent;
        try {
            sent = send(exchange);
        } catch (Exception e) { // every failure of a producer belongs to its exchange
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        sent.whenComplete((done, failure) -> {
            if (failure != null) {
                exchange.setException(failure instanceof CompletionException ? failure.getCause() : failure);
            }
            callback.done(false);
        });
        return false;
    }

    private CompletionStage<Void> send(Exchange exchange) throws CamelExchangeException {
        Message message = exchange.getMessage();
        if (message.getHeader(WebSocketHeaders.USE_INCOMING, false, boolean.class)) {
            return answer(message);
        }
        Sockets sockets =
                PushComponent.of(exchange.getContext()).gateway().edge().sockets();
        return isBinary(message)
                ? sockets.broadcastBinary(path, Bodies.bytes(message))
                : sockets.broadcastText(path, text(message));
    }

    /** Sends the body to the connection that the exchange came by, whichever end has opened it. */
    static CompletionStage<Void> answer(Message message) throws CamelExchangeException {
        Session session = session(message);
        return isBinary(message) ? session.sendBinary(Bodies.bytes(message)) : session.sendText(text(message));
    }

    private static boolean isBinary(Message message) {
        return message.getBody() != null && Bodies.isBytes(message.getBody());
    }

    private static String text(Message message) throws CamelExchangeException {
        return message.getBody() == null ? "" : Bodies.mandatory(message, String.class);
    }

    private static Session session(Message message) throws CamelExchangeException {
        if (message.getHeader(WebSocketHeaders.SESSION) instanceof Session session) {
            return session;
        }
        throw new CamelExchangeException(
                WebSocketHeaders.USE_INCOMING + " is set, but the exchange did not come from a WebSocket",
                message.getExchange());
    }
}
