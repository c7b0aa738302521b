package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code https-proxy:NAME}: what a client gets of an upstream's answer. */
class AnswerThatIsForwarded {
    private Forwarding forwarding;

    @BeforeEach
    void open() throws Exception {
        forwarding = new Forwarding();
    }

    @AfterEach
    void close() {
        forwarding.close();
    }

    private static List<String> parts(String before, int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> before + i).toList();
    }

    @Test
    void streamsAsServerSentEventsAndSaysWhenItEnds() throws Exception {
        forwarding.start("");
        try (Forwarding.Reader answer = forwarding.open("up/stream?n=5")) {
            assertThat(answer.status).isEqualTo(200);
            answer.await("event: needle-hello");
            answer.await("event: token");
            answer.await("data: part 1");
            List<String> rest = answer.all("data: ");
            assertThat(rest.subList(0, 4)).isEqualTo(parts("data: part ", 2, 5));
            assertThat(rest.get(4)).contains("\"reason\":\"end\"");
        }
    }

    @Test
    void comesByEveryTransport() throws Exception {
        forwarding.start("");
        try (Forwarding.Reader stream = forwarding.open("up/stream?n=3", "Accept", "application/x-ndjson")) {
            stream.await("\"control\":\"hello\"");
            assertThat(stream.await("part 1"))
                    .contains("\"topic\":\"proxy/up\"")
                    .contains("\"event\":\"token\"");
            stream.await("\"reason\":\"end\"");
            stream.await(Forwarding.Reader.END);
        }
        try (TestGateway.WebSocketClient socket = forwarding.gateway.connect("/proxy/up/stream?n=3")) {
            assertThat(socket.await()).contains("hello");
            assertThat(socket.await()).contains("part 1");
            socket.await(x -> {}, "\"reason\":\"end\"");
            assertThat(socket.await()).isEqualTo("close:1000");
        }
        String session = "session-of-a-poll-1";
        String credentials = "&transport=poll&session=" + session + "&resume=resume-of-the-poll-1";
        StringBuilder all = new StringBuilder();
        String position = "";
        while (all.indexOf("\"reason\":\"end\"") < 0) {
            String answer =
                    forwarding.get("up/stream?n=3" + credentials + position).body();
            all.append(answer);
            position = "&position=" + Forwarding.field(answer, "position");
        }
        assertThat(all.toString()).containsSubsequence("part 1", "part 2", "part 3");
        assertThat(all.toString().split("part 2", -1)).hasSize(2);
        assertThat(forwarding.upstream.requests).hasSize(3);
    }

    @Test
    void passesTheStepsOfTheRoute() throws Exception {
        forwarding.start("", route -> route.filter(simple("${body} contains 'part 2'"))
                .stop()
                .end()
                .filter(simple("${body} contains 'part 3'"))
                .setBody(constant(null))
                .end()
                .filter(simple("${body} != null"))
                .setBody(simple("${header.CamelHttpsProxyUpstreamId}: ${body} of ${header.CamelHttpsProxyPath}")));
        try (Forwarding.Reader answer = forwarding.open("up/stream?n=4")) {
            List<String> data = answer.all("data: up");
            assertThat(data).containsExactly("data: up-1: part 1 of /stream", "data: up-4: part 4 of /stream");
        }
    }

    private static org.apache.camel.builder.ValueBuilder constant(Object value) {
        return org.apache.camel.builder.Builder.constant(value);
    }

    private static org.apache.camel.builder.ValueBuilder simple(String text) {
        return org.apache.camel.builder.Builder.simple(text);
    }

    @Test
    void breaksOffAudiblyIfAStepFailsAndLetsTheUpstreamGo() throws Exception {
        forwarding.start("", route -> route.filter(simple("${body} contains 'part 2'"))
                .throwException(new IllegalStateException("secret")));
        try (Forwarding.Reader answer = forwarding.open("up/held")) {
            answer.await("data: part 1");
            forwarding.upstream.release(1);
            assertThat(answer.await("needle-bye")).isNotNull();
            assertThat(answer.await("data: ")).contains("\"reason\":\"failed\"").doesNotContain("secret");
            assertThat(forwarding.upstream.awaitReleased(10)).isEqualTo("/held");
        }
    }

    @Test
    void breaksOffAudiblyIfTheUpstreamDoes() throws Exception {
        forwarding.start("");
        try (Forwarding.Reader answer = forwarding.open("up/broken")) {
            answer.await("data: part 1");
            answer.await("\"reason\":\"failed\"");
        }
    }

    @Test
    void breaksOffIfAnEventIsLargerThanItMay() throws Exception {
        forwarding.start("&maxEvent=6");
        try (Forwarding.Reader answer = forwarding.open("up/stream?n=10")) { // "part 10" has 7 bytes
            answer.await("data: part 9");
            answer.await("\"reason\":\"failed\"");
        }
    }

    @Test
    void breaksOffIfItLastsLongerThanItMay() throws Exception {
        forwarding.start("&maxDuration=2s");
        long begun = System.nanoTime();
        try (Forwarding.Reader answer = forwarding.open("up/held")) {
            answer.await("data: part 1");
            answer.await("\"reason\":\"failed\"");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
        assertThat(forwarding.upstream.awaitReleased(10)).isEqualTo("/held");
    }

    @Test
    void passesThroughAsItIsIfItIsNoStream() throws Exception {
        forwarding.start("");
        HttpResponse<String> answer = forwarding.get("up/echo/a%20b;c=d/?q=%C3%A4&ticket=t&session=x&x=1");
        // a session of one's own is too short here, so it is refused
        assertThat(answer.statusCode()).isEqualTo(400);
        answer = forwarding.get("up/echo/a%20b;c=d/?q=%C3%A4&ticket=t&transport=sse&x=1", "Accept", "image/png");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("x-kept")).contains("yes");
        assertThat(answer.body()).isEqualTo("{\"path\":\"/echo/a%20b;c=d/?q=%C3%A4&x=1\"}");
        HttpResponse<String> head = forwarding.client.send(
                forwarding
                        .request("up/echo")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
    }

    @Test
    void keepsTheUpstreamsStatus() throws Exception {
        forwarding.start("");
        for (int status : new int[] {404, 401, 429, 500, 503}) {
            HttpResponse<String> answer = forwarding.get("up/status?code=" + status, "Accept", "text/event-stream");
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo("so it is");
        }
    }

    @Test
    void isOfTheMethodBodyAndAllowedHeadersThatTheClientSent() throws Exception {
        forwarding.start("&allowedHeaders=X-Mine&authorization=RAW(Bearer upstream-key)&header.X-Fixed=1");
        HttpRequest request = forwarding
                .request(
                        "up/stream?n=1",
                        "Content-Type",
                        "application/json",
                        "X-Mine",
                        "kept",
                        "X-Fixed",
                        "forged",
                        "X-Other",
                        "not kept",
                        "Authorization",
                        "Bearer of-the-client",
                        "Cookie",
                        "a=b")
                .POST(HttpRequest.BodyPublishers.ofString("{\"ask\":\"me\"}"))
                .build();
        try (Forwarding.Reader answer = forwarding.open(request)) {
            answer.await("\"reason\":\"end\"");
        }
        Upstream.Request seen = forwarding.upstream.requests.get(0);
        assertThat(seen.line()).isEqualTo("POST /stream?n=1");
        assertThat(seen.body()).isEqualTo("{\"ask\":\"me\"}");
        assertThat(seen.headers()).containsEntry("X-mine", List.of("kept")).containsEntry("X-fixed", List.of("1"));
        assertThat(seen.headers()).containsEntry("Authorization", List.of("Bearer upstream-key"));
        assertThat(seen.headers()).doesNotContainKeys("X-other", "Cookie");
    }

    @Test
    void isNamedWhatItIsIfThereIsNone() throws Exception {
        forwarding.start("&responseTimeout=500ms&connectTimeout=500ms");
        assertThat(forwarding.get("up/silent").statusCode()).isEqualTo(504);
        assertThat(forwarding.get("nobody/x").statusCode()).isEqualTo(404);
        assertThat(forwarding.get("up").statusCode()).isEqualTo(404);
        HttpResponse<String> put = forwarding.client.send(
                forwarding
                        .request("up/echo")
                        .PUT(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(put.statusCode()).isEqualTo(405);
        forwarding.upstream.close();
        assertThat(forwarding.get("up/echo").statusCode()).isEqualTo(502);
    }

    @Test
    void isReadNoFasterThanTheClientReadsIt() throws Exception {
        forwarding.start("&ahead=64k");
        for (String path : List.of("up/flood", "up/bytes")) {
            forwarding.upstream.flooded.set(0);
            try (var socket = new Socket(
                    InetAddress.getLoopbackAddress(), forwarding.gateway.push().boundPort())) {
                socket.setReceiveBufferSize(16 << 10);
                socket.getOutputStream()
                        .write(("GET /proxy/" + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                long before = -1;
                while (forwarding.upstream.flooded.get() != before || before == 0) {
                    before = forwarding.upstream.flooded.get();
                    assertThat(forwarding.upstream.released.poll(1, TimeUnit.SECONDS))
                            .isNull();
                }
                long bytes = path.endsWith("flood") ? before * 1_000 : before;
                assertThat(bytes).isLessThan(20_000_000);
            }
        }
    }
}
