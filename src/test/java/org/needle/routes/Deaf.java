package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.atomic.AtomicInteger;
import org.needle.cli.RunningGateway;
import org.needle.conformance.Ask;
import org.needle.conformance.Subscriber;
import org.needle.edge.Transport;

/** A client that has promised receipts, proves its path, and confirms no event until it is told to. */
final class Deaf implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final RunningGateway gateway;
    private final Subscriber subscriber;

    private Deaf(RunningGateway gateway, Subscriber subscriber) {
        this.gateway = gateway;
        this.subscriber = subscriber;
        receipt(hello().path("position").asText());
    }

    static Deaf to(RunningGateway gateway, String topic) {
        return by(Transport.WEBSOCKET, gateway, topic);
    }

    static Deaf by(Transport transport, RunningGateway gateway, String topic) {
        String id = "deaf-deaf-deaf-deaf-" + COUNT.incrementAndGet();
        Ask ask = Ask.of(gateway.open().getPort(), topic).with("session=" + id, "receipts=1");
        return new Deaf(gateway, Subscriber.open(transport, ask));
    }

    private JsonNode hello() {
        return subscriber.hello().json();
    }

    String id() {
        return hello().path("session").asText();
    }

    int events() {
        return subscriber.data().size();
    }

    /** All that has come. */
    void confirm() {
        await().until(() -> events() > 0);
        receipt(subscriber.position());
    }

    private void receipt(String position) {
        String receipt = "{\"session\":\"" + id() + "\",\"nonce\":\""
                + hello().path("nonce").asText() + "\",\"position\":\"" + position + "\"}";
        try {
            assertThat(gateway.send("/receipts", receipt).statusCode()).isEqualTo(204);
        } catch (Exception e) {
            throw new AssertionError("no receipt could be sent", e);
        }
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
