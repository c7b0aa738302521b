package org.needle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoxThatFilters {

    @Test
    void denyEventStreamAnswers403ToWhoAcceptsIt() {
        try (Bench bench = new Bench("deny-event-stream")) {
            Peer client = bench.client().get("/", "Accept: text/event-stream");
            assertThat(client.head()).startsWith("HTTP/1.1 403 ");
            client.read("text/event-stream is not allowed here\n".length());
            assertThat(bench.isReached()).isFalse();
            client.send("POST / HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.head()).startsWith("HTTP/1.1 403 ");
            client.read("text/event-stream is not allowed here\n".length());
            client.get("/poll", "Accept: application/json");
            assertThat(bench.server().head()).startsWith("GET /poll ");
        }
    }

    @Test
    void denyEventStreamAnswers403InPlaceOfItsResponse() {
        try (Bench bench = new Bench("deny-event-stream")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM).chunk("data: 1\n\n");
            String answer = client.rest();
            assertThat(answer).startsWith("HTTP/1.1 403 ").doesNotContain("data:");
            assertThat(server.end(10_000)).isNotEqualTo(Peer.End.NONE);
        }
    }

    @Test
    void denyEventStreamPassesLines() {
        try (Bench bench = new Bench("deny-event-stream")) {
            Peer client = bench.client().get("/", "Accept: application/x-ndjson");
            Peer server = bench.server();
            server.head();
            server.send(Bench.STREAM.replace("text/event-stream", "application/x-ndjson"))
                    .chunk("{}\n");
            client.head();
            client.expectChunk("{}\n");
        }
    }

    @Test
    void getOnlyAnswers405ToEverythingElse() {
        try (Bench bench = new Bench("get-only")) {
            for (String method : new String[] {"POST", "PUT", "OPTIONS", "DELETE"}) {
                Peer client = bench.client().send(method + " / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
                assertThat(client.head()).startsWith("HTTP/1.1 405 ").contains("GET");
            }
            assertThat(bench.isReached()).isFalse();
            bench.client().get("/");
            assertThat(bench.server().head()).startsWith("GET / ");
        }
    }

    @Test
    void stripHeadersRemovesExactlyThose() {
        try (Bench bench = new Bench("strip-headers")) {
            Peer client = bench.client()
                    .get(
                            "/?position=1",
                            "Last-Event-ID: 7",
                            "Accept: text/event-stream",
                            "Cache-Control: no-cache",
                            "Authorization: Bearer x",
                            "User-Agent: me");
            Peer server = bench.server();
            assertThat(server.head())
                    .contains("GET /?position=1 ", "User-Agent: me")
                    .doesNotContain("Last-Event-ID", "Accept", "Cache-Control", "Authorization");
            server.send(
                    "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.head()).contains("text/plain").doesNotContain("Cache-Control");
        }
    }

    private static String rewritten(String type, String body) {
        try (Bench bench = new Bench("rewrite")) {
            Peer client = bench.client().get("/");
            Peer server = bench.server();
            server.head();
            server.send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            client.head();
            return client.read(body.length());
        }
    }

    @Test
    void rewriteChangesDataAndLeavesItsSurroundings() {
        assertThat(rewritten("text/event-stream", "id: 1\nevent: e\ndata: hello\ndata: you\n\n:\n"))
                .isEqualTo("id: 1\nevent: e\ndata: ~ello\ndata: ~ou\n\n:\n");
        assertThat(rewritten(
                        "application/x-ndjson", "{\"id\":\"1\",\"data\":\"hello\"}\n{\"id\":\"2\",\"data\":\"\"}\n"))
                .isEqualTo("{\"id\":\"1\",\"data\":\"~ello\"}\n{\"id\":\"2\",\"data\":\"\"}\n");
        assertThat(rewritten("text/event-stream", "data: {\"id\":\"1\",\"data\":\"hello\"}\n\n"))
                .isEqualTo("data: {\"id\":\"1\",\"data\":\"~ello\"}\n\n");
        assertThat(rewritten("application/json; charset=utf-8", "[{\"control\":\"hello\"},{\"data\":\"x\"}]"))
                .isEqualTo("[{\"control\":\"hello\"},{\"data\":\"~\"}]");
        assertThat(rewritten("text/plain", "one\ntwo\n")).isEqualTo("~ne\n~wo\n");
        assertThat(rewritten("text/javascript", "one\n")).isEqualTo("one\n");
    }

    @Test
    void rewriteLeavesWebSocketAlone() {
        try (Bench bench = new Bench("rewrite")) {
            Peer client = bench.client().get("/", Bench.UPGRADE);
            Peer server = bench.server();
            server.head();
            server.send(Bench.SWITCH + "{\"data\":\"hello\"}");
            client.head();
            client.expect("{\"data\":\"hello\"}");
        }
    }

    @Test
    void http10AsksInHttp10AndBodiesEndWithTheConnection() {
        try (Bench bench = new Bench("http10")) {
            Peer client = bench.client().get("/", Bench.UPGRADE);
            Peer server = bench.server();
            assertThat(server.head())
                    .startsWith("GET / HTTP/1.0\r\n")
                    .containsIgnoringCase("Connection: close")
                    .doesNotContain("Upgrade");
            server.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.0 200").doesNotContain("chunked");
            server.send("data: 1\n\n");
            client.expect("data: 1\n\n");
            server.send("data: 2\n\n").close();
            assertThat(client.rest()).isEqualTo("data: 2\n\n");
        }
    }
}
