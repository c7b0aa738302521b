package org.needle.camel;

import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Processor;
import org.needle.edge.Registration;
import org.needle.edge.Socket;
import org.needle.edge.SocketListener;

/** Takes the messages of plain WebSocket connections at a path: text as a string, binary as a stream, as in Camel 3. */
final class SocketConsumer extends ClientConsumer {
    private final WebSocketEndpoint endpoint;
    private final String path;

    SocketConsumer(WebSocketEndpoint endpoint, Processor processor, String path) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.path = path;
    }

    @Override
    Registration listen(Gateway gateway) {
        endpoint.keepOpen();
        return gateway.edge().sockets().open(path, new SocketListener() {
            @Override
            public CompletionStage<Void> onText(Socket socket, String text) {
                return take(socket, text);
            }

            @Override
            public CompletionStage<Void> onBinary(Socket socket, byte[] data) {
                return take(socket, new ByteArrayInputStream(data));
            }
        });
    }

    private CompletionStage<Void> take(Socket socket, Object body) {
        return route(exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader(WebSocketHeaders.SESSION, new Session(socket));
            if (socket.subject() != null) {
                exchange.getMessage().setHeader(PushHeaders.SUBJECT, socket.subject());
            }
        });
    }
}
