package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URIs that mean nothing: the route does not start, and the message says what would be right. */
class PathsOfEndpoints {
    private static void fails(RouteBuilder routes, String message) {
        assertThatThrownBy(() -> TestGateway.with(routes).close()).hasStackTraceContaining(message);
    }

    private static RouteBuilder to(String uri) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(uri);
            }
        };
    }

    private static RouteBuilder from(String uri) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("mock:out");
            }
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "push:a b -> a topic is made of letters",
                "push:a//b -> a topic has no empty level",
                "push:orders/* -> a pattern can only be consumed",
                "sse:a/** -> a pattern can only be consumed",
                "websocket-jsr356:a/** -> a pattern can only be consumed",
                "push:t?ttl=soon -> ttl=soon must be a time",
                "push:t?bogus=1 -> bogus",
                "sse:https://example.org/events -> can only be consumed: use it in from:",
                "sse:t?bogus=1 -> bogus",
                "websocket-jsr356:/p?bogus=1 -> bogus",
                "websocket-jsr356:ws:///x -> with a host",
                "websocket-jsr356:ws://u:sesame@example.org/x -> credentials do not belong into the URL",
                "websocket-jsr356:ws://example.org/x?heartbeat=0 -> heartbeat=0: must be a time",
                "https-proxy:upstream -> nothing can be sent to a name",
                "https-proxy:http://example.org/x -> must be https",
                "https-proxy:https://example.org/x?responseTimeout=never -> responseTimeout=never: must be a time",
                "https-proxy:https://example.org/x?proxy=here -> a proxy is written http://host:port",
            })
    void thatAreWrongInATo(String uri, String message) {
        fails(to(uri), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "sse:orders -> SSE is one-way, nothing comes from it: use from: push:orders",
                "sse:https://example.org/x?readTimeout=soon -> readTimeout=soon: must be a time",
                "sse:https://example.org/x?readTimeout=soon&maxEvent=all -> (2) sse:https://example.org/x: readTimeout=soon",
                "sse:https://example.org/x?proxy=here -> proxy: a proxy is written http://host:port",
                "sse:https://example.org/x?header.Host=y -> the header Host cannot be set",
                "sse:https://u:sesame@example.org/x -> credentials do not belong into the URL",
                "sse:https:///x -> with a host",
                "websocket-jsr356:ws://example.org/x?sessionCount=0 -> sessionCount=0: must be a whole number from 1",
                "push:a//b -> a topic has no empty level",
                "https-proxy:https://example.org/x -> nothing comes from a URL",
            })
    void thatAreWrongInAFrom(String uri, String message) {
        fails(from(uri), message);
    }
}
