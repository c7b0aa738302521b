package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** Saving a file in {@code routes/} while subscribers listen. */
class RouteThatIsEdited {
    private static final int SUBSCRIBERS = 100;

    private final List<Follower> followers = new ArrayList<>();
    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder).with("clock.period", "50ms").start();
    }

    @AfterEach
    void stop() {
        followers.forEach(Follower::close);
        gateway.close();
    }

    private void save(String from, String to) throws Exception {
        save("clock", from, to);
    }

    private void save(String route, String from, String to) throws Exception {
        Path file = gateway.route(route);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private static boolean says(Follower follower, String data) {
        return follower.soFar().stream()
                .anyMatch(each -> each.get("data").textValue().startsWith(data));
    }

    @Test
    void nobodyIsDisconnectedAndNothingIsLost() throws Exception {
        for (int i = 0; i < SUBSCRIBERS; i++) {
            followers.add(gateway.follow("clock"));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> followers.stream().allMatch(each -> each.soFar().size() > 2));
        save("\"${date-with", "\"edited ${date-with");
        await().atMost(Duration.ofSeconds(20)).until(() -> followers.stream().allMatch(each -> says(each, "edited ")));
        int seen = followers.get(0).soFar().size();
        List<String> all = followers.get(0).data(seen).subList(0, seen);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> followers.stream().allMatch(each -> each.soFar().size() >= seen));
        for (Follower follower : followers) {
            assertThat(follower.hasEnded()).isFalse();
            assertThat(follower.controls()).doesNotContain("gap", "bye");
            assertThat(follower.soFar().stream().limit(seen).map(each -> each.get("data")
                            .textValue()))
                    .containsExactlyElementsOf(all);
            assertThat(new HashSet<>(all)).hasSameSizeAs(all);
        }
    }

    @Test
    void aSlipOfThePenLeavesTheOldRouteRunning() throws Exception {
        Follower follower = gateway.follow("clock");
        followers.add(follower);
        follower.events(2);
        save("setBody:", "setBoddy:");
        save("setBoddy:", "setBodddy:");
        int seen = follower.soFar().size();
        follower.events(seen + 20);
        save("setBodddy:", "setBody:");
        save("\"${date-with", "\"mended ${date-with");
        await().atMost(Duration.ofSeconds(20)).until(() -> says(follower, "mended "));
    }

    @Test
    void theOthersKeepTheirPorts() throws Exception {
        Follower follower = gateway.follow("clock");
        followers.add(follower);
        follower.events(1);
        save("\"${date-with", "\"edited ${date-with");
        for (int i = 0; !says(follower, "edited "); i++) {
            assertThat(gateway.post("/ingest/meanwhile", "x").statusCode()).isEqualTo(202);
            assertThat(i).isLessThan(100_000);
        }
    }

    @Test
    void itsPortHasItsNewOptions() throws Exception {
        assertThat(gateway.post("/ingest/a", "0123456789").statusCode()).isEqualTo(202);
        save("http-ingest", "\"{{ingest.max-body:4194304}}\"", "9");
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> gateway.post("/ingest/a", "0123456789").statusCode() == 413);
        assertThat(gateway.post("/ingest/a", "012345678").statusCode()).isEqualTo(202);
    }

    @Test
    void aNewFileIsTakenUp() throws Exception {
        Files.writeString(
                gateway.route("greeting"),
                """
                # Says hello once.
                - route:
                    id: greeting
                    from:
                      uri: timer:greeting?repeatCount=1
                      steps:
                        - setBody: { constant: hello }
                        - to: push:greetings
                        - setBody: { constant: hello again }
                        - setHeader: { name: CamelPushTopic, constant: greetings/again }
                        - to: direct:fanout
                """);
        for (String topic : List.of("greetings", "greetings/again")) {
            followers.add(gateway.follow(topic));
        }
        assertThat(followers.get(0).data(1)).containsExactly("hello");
        assertThat(followers.get(1).data(1)).containsExactly("hello again");
    }
}
