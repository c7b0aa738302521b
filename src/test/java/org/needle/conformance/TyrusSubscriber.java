package org.needle.conformance;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.ContainerProvider;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.List;

/** Tyrus, the reference implementation of Jakarta WebSocket. */
final class TyrusSubscriber extends Subscriber {
    private final Ask ask;
    private final Session session;

    TyrusSubscriber(Ask ask) {
        super(Integer.MAX_VALUE);
        this.ask = ask;
        ClientEndpointConfig config = ClientEndpointConfig.Builder.create()
                .preferredSubprotocols(List.of("needle.v1"))
                .build();
        try {
            session = ContainerProvider.getWebSocketContainer().connectToServer(new Receiver(), config, ask.uri("ws"));
        } catch (DeploymentException | IOException e) {
            throw new AssertionError(this + " could not connect", e);
        }
    }

    String subprotocol() {
        return session.getNegotiatedSubprotocol();
    }

    private final class Receiver extends Endpoint {
        @Override
        public void onOpen(Session opened, EndpointConfig config) {
            opened.setMaxTextMessageBufferSize(8 << 20);
            opened.addMessageHandler(String.class, (MessageHandler.Whole<String>) this::receive);
        }

        private void receive(String text) {
            try {
                take(Frame.of(Frame.parse(text)));
            } catch (AssertionError e) {
                fault(e);
            }
        }

        @Override
        public void onClose(Session closed, CloseReason reason) {
            end();
        }
    }

    @Override
    public void close() {
        end();
        try {
            session.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    @Override
    public String toString() {
        return "tyrus " + ask.target();
    }
}
