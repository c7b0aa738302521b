package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** What a route says in headers and options of the URI. */
class HeadersOfProducers {
    private static TestGateway gateway() throws Exception {
        return TestGateway.with(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in").to("push:t?eventName=fromUri");
                from("direct:dynamic").toD("push:orders/${header.region}");
                from("direct:split").split(body()).to("push:t");
                from("direct:short").to("push:t?ttl=1ms");
            }
        });
    }

    private static Exception send(TestGateway gateway, String route, Object body, Map<String, Object> headers) {
        return gateway.template
                .send(route, x -> {
                    x.getMessage().setBody(body);
                    x.getMessage().setHeaders(new java.util.HashMap<>(headers));
                })
                .getException();
    }

    @Test
    void nameTheTopicAndTheEvent() throws Exception {
        try (TestGateway gateway = gateway()) {
            send(gateway, "direct:in", "a", Map.of());
            send(gateway, "direct:in", "b", Map.of("CamelPushEventName", "fromHeader"));
            send(gateway, "direct:in", "c", Map.of("CamelPushTopic", "u"));
            assertThat(gateway.kept("t")).hasSize(2);
            assertThat(gateway.kept("t").get(0)).contains("\"event\":\"fromUri\",\"data\":\"a\"");
            assertThat(gateway.kept("t").get(1)).contains("\"event\":\"fromHeader\",\"data\":\"b\"");
            assertThat(gateway.keptData("u")).containsExactly("c");
        }
    }

    @Test
    void makeTheTopicOfAToD() throws Exception {
        try (TestGateway gateway = gateway()) {
            send(gateway, "direct:dynamic", "a", Map.of("region", "eu"));
            send(gateway, "direct:dynamic", "b", Map.of("region", "us/ny"));
            assertThat(gateway.keptData("orders/eu")).containsExactly("a");
            assertThat(gateway.keptData("orders/us/ny")).containsExactly("b");
        }
    }

    @Test
    void thatAreWrongFailTheExchange() throws Exception {
        try (TestGateway gateway = gateway()) {
            assertThat(send(gateway, "direct:in", "a", Map.of("CamelPushTopic", "a b")))
                    .hasMessageContaining("a topic is made of");
            assertThat(send(gateway, "direct:in", "a", Map.of("CamelPushEventName", "a\r\nb")))
                    .hasMessageContaining("event name");
            assertThat(send(gateway, "direct:in", "a", Map.of("CamelPushKey", "k".repeat(256))))
                    .hasMessageContaining("255");
            assertThat(gateway.kept("t")).isEmpty();
        }
    }

    @Test
    void makeARepeatOfAnIdempotencyKeyTheSameEvent() throws Exception {
        try (TestGateway gateway = gateway()) {
            Map<String, Object> key = Map.of("CamelPushIdempotencyKey", "k1");
            send(gateway, "direct:in", "first", key);
            send(gateway, "direct:in", "second", key);
            assertThat(gateway.keptData("t")).containsExactly("first");
        }
    }

    @Test
    void giveEachPartOfASplitAKeyOfItsOwn() throws Exception {
        try (TestGateway gateway = gateway()) {
            Map<String, Object> key = Map.of("CamelPushIdempotencyKey", "k1");
            send(gateway, "direct:split", java.util.List.of("a", "b"), key);
            send(gateway, "direct:split", java.util.List.of("a", "b"), key);
            assertThat(gateway.keptData("t")).containsExactly("a", "b");
        }
    }

    @Test
    void limitHowLongAnEventIsReplayed() throws Exception {
        try (TestGateway gateway = gateway()) {
            send(gateway, "direct:short", "gone", Map.of());
            org.awaitility.Awaitility.await().until(() -> gateway.kept("t").isEmpty());
        }
    }
}
