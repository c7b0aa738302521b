package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;
import org.needle.client.ScriptedServer;
import org.needle.conformance.OpenEdge;
import org.needle.hub.Content;

/** {@code forward}: a stream of another server at a topic here. */
@Timeout(180)
class StreamThatIsForwarded {
    private static RunningGateway gateway(Path folder, String url) throws Exception {
        return RunningGateway.in(folder)
                .with("forward.url", url)
                .with("forward.topic", "news")
                .with("state.dir", folder.toString())
                .start();
    }

    @Test
    void reachesManySubscribersOverOneConnection(@TempDir Path folder) throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        ScriptedServer.eventsAndSilence("id: 1\nevent: created\ndata: a\n\nid: 2\ndata: b\n\n"));
                RunningGateway gateway = gateway(folder, server.url("/"));
                Follower one = gateway.follow("news");
                Follower other = gateway.follow("news")) {
            for (Follower each : new Follower[] {one, other}) {
                assertThat(each.data(2)).containsExactly("a", "b");
                assertThat(each.events(2).get(0).get("event").textValue()).isEqualTo("created");
            }
            assertThat(server.count()).isEqualTo(1);
        }
    }

    @Test
    void goesOnBehindTheLastEventAfterARestart(@TempDir Path folder) throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                ScriptedServer.eventsAndSilence("id: 1\ndata: a\n\n"),
                ScriptedServer.eventsAndSilence("id: 2\ndata: b\n\n"))) {
            try (RunningGateway gateway = gateway(folder, server.url("/"));
                    Follower follower = gateway.follow("news")) {
                assertThat(follower.data(1)).containsExactly("a");
            }
            assertThat(folder.resolve("forward.position")).hasContent("1");
            try (RunningGateway gateway = gateway(folder, server.url("/"));
                    Follower follower = gateway.follow("news")) {
                assertThat(follower.data(1)).containsExactly("b");
            }
            server.next();
            assertThat(server.next().header("last-event-id")).isEqualTo("1");
        }
    }

    @Test
    void mayBeOneOfAnotherGatewayWhoseControlsStayThere(@TempDir Path folder) throws Exception {
        try (OpenEdge upstream = OpenEdge.start()) {
            for (int i = 0; i < 100; i++) {
                upstream.publish("orders", Content.text("created", "n" + i));
            }
            String url = "http://127.0.0.1:" + upstream.port() + "/events?topic=orders&position=earliest";
            try (RunningGateway gateway = gateway(folder, url);
                    Follower follower = gateway.follow("news")) {
                assertThat(follower.data(100)).startsWith("n0", "n1").endsWith("n99");
                upstream.publish("orders", "last");
                JsonNode last = follower.events(101).get(100);
                assertThat(last.get("data").textValue()).isEqualTo("last");
                assertThat(last.has("event")).isFalse();
            }
        }
    }
}
