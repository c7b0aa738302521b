package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.needle.conformance.Ask;
import org.needle.conformance.Subscriber;
import org.needle.edge.Transport;

/** A client with a session of its own, which sends receipts when it is told to. */
final class Client implements AutoCloseable {
    static {
        warm();
    }

    private final TestGateway gateway;
    private final Transport transport;
    private final Ask ask;
    private final Subscriber subscriber;

    private Client(TestGateway gateway, Transport transport, Ask ask) {
        this.gateway = gateway;
        this.transport = transport;
        this.ask = ask;
        this.subscriber = Subscriber.open(transport, ask);
    }

    /** On a busy machine a process that has just started needs longer for its first receipt than a network ever may. */
    private static void warm() {
        try (TestGateway first = new TestGateway().start()) {
            Ask ask = Ask.of(first.push().boundPort(), "warm").with("receipts=1");
            for (Transport each : List.of(Transport.SSE, Transport.WEBSOCKET)) {
                try (Client client = new Client(first, each, ask)) {
                    client.receipt(client.hello().path("position").asText());
                }
            }
        }
    }

    /** @param id at least 16 characters */
    static Client open(TestGateway gateway, Transport transport, String id, String... topics) {
        Ask ask = Ask.of(gateway.push().boundPort(), topics).with("session=" + id, "receipts=1");
        return new Client(gateway, transport, ask).proved();
    }

    /** One that begins with what the topic keeps. */
    static Client fromEarliest(TestGateway gateway, Transport transport, String id, String topic) {
        Ask ask = new Ask(
                gateway.push().boundPort(),
                false,
                List.of(topic),
                "earliest",
                Ask.Carrier.QUERY,
                List.of("session=" + id, "receipts=1"));
        return new Client(gateway, transport, ask).proved();
    }

    /** As the library does at once, or its stream is taken for one that is held on the way, and ended: then it comes back. */
    private Client proved() {
        return receipt(hello().path("position").asText()) == 204 ? this : back(transport);
    }

    /** The same client comes back, from where it was. */
    Client back(Transport by) {
        return back(by, ask.topics().toArray(String[]::new));
    }

    /** The same, and follows these from now on. */
    Client back(Transport by, String... topics) {
        List<String> all = new ArrayList<>(ask.extra());
        all.removeIf(parameter -> parameter.startsWith("resume="));
        all.add("resume=" + hello().path("resume").asText());
        return goOn(by, List.of(topics), all);
    }

    /** The same client comes back, from where it was, as another session. */
    Client as(String id) {
        return goOn(transport, ask.topics(), List.of("session=" + id, "receipts=1"));
    }

    private Client goOn(Transport by, List<String> topics, List<String> extra) {
        Ask next = new Ask(ask.port(), false, topics, subscriber.position(), Ask.Carrier.QUERY, extra);
        return new Client(gateway, by, next).proved();
    }

    JsonNode hello() {
        return subscriber.hello().json();
    }

    String id() {
        return hello().path("session").asText();
    }

    /** Waits for so many events and returns the data of all. */
    List<String> data(int events) {
        subscriber.awaitEvents(events);
        return subscriber.data();
    }

    /** What has come so far. */
    List<String> soFar() {
        return subscriber.data();
    }

    /** Waits for so many events and says that it has them. */
    void confirm(int events) {
        subscriber.awaitEvents(events);
        assertThat(receipt(subscriber.position())).isEqualTo(204);
    }

    private int receipt(String position) {
        String receipt = "{\"session\":\"" + id() + "\",\"nonce\":\""
                + hello().path("nonce").asText() + "\",\"position\":\"" + position + "\"}";
        try {
            return gateway.post("/receipts", receipt).statusCode();
        } catch (Exception e) {
            throw new AssertionError(this + " could not send a receipt", e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.http(path));
    }

    @Override
    public void close() {
        subscriber.close();
    }

    @Override
    public String toString() {
        return transport + " " + ask;
    }
}
