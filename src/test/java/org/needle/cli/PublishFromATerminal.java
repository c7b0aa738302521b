package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishFromATerminal {
    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        RunningGateway.Plan plan = RunningGateway.in(folder);
        Files.writeString(
                Files.createDirectories(folder.resolve("routes")).resolve("echo.camel.yaml"),
                """
                # What clients send to chat goes on to said.
                - route:
                    id: echo
                    from:
                      uri: push:chat
                      steps:
                        - setHeader: { name: CamelPushTopic, constant: said }
                        - to: push:said
                """);
        gateway = plan.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String file(String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "event", ""), text)
                .toString();
    }

    private static Typed publish(String base, String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "publish";
        arguments[1] = base;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Typed.needle(arguments);
    }

    @Test
    void aFileIsOneEventAndItsIdIsPrinted() throws Exception {
        String base = gateway.ingest().toString();
        Typed typed = publish(base, "--topic=t/one", "--event=a b,c", file("1\n2\n"));
        assertThat(typed.err()).isEmpty();
        assertThat(typed.status()).isZero();
        try (Follower follower = gateway.follow("t/one")) {
            JsonNode event = follower.events(1).get(0);
            assertThat(event.get("data").textValue()).isEqualTo("1\n2\n");
            assertThat(event.get("event").textValue()).isEqualTo("a b,c");
            assertThat(typed.out().strip()).isEqualTo(event.get("id").textValue());
        }
    }

    @Test
    void eachLineIsAnEventInOrder() throws Exception {
        Typed typed = publish(gateway.ingest() + "/ingest/", "--topic=t/lines", "--lines", file("a\r\n\né\nlast"));
        assertThat(typed.status()).as(typed.err()).isZero();
        assertThat(typed.err().strip()).isEqualTo("3 events");
        try (Follower follower = gateway.follow("t/lines")) {
            List<JsonNode> events = follower.events(3);
            assertThat(events).extracting(each -> each.get("data").textValue()).containsExactly("a", "é", "last");
            assertThat(events)
                    .extracting(each -> each.get("id").textValue())
                    .isEqualTo(typed.out().lines().toList());
        }
    }

    @Test
    void standardInputIsReadWhereNoFileIsNamed() throws Exception {
        InputStream terminal = System.in;
        System.setIn(new ByteArrayInputStream("one\ntwo".getBytes(StandardCharsets.UTF_8)));
        try {
            Typed typed = publish(gateway.ingest().toString(), "--topic=t/in", "--lines");
            assertThat(typed.status()).as(typed.err()).isZero();
        } finally {
            System.setIn(terminal);
        }
        try (Follower follower = gateway.follow("t/in")) {
            assertThat(follower.data(2)).containsExactly("one", "two");
        }
    }

    @Test
    void atThePublicPortItIsAMessageOfAClient() throws Exception {
        Typed typed = publish(gateway.open().toString(), "--topic=chat", file("hi"));
        assertThat(typed.status()).as(typed.err()).isZero();
        assertThat(typed.out()).isNotBlank();
        try (Follower follower = gateway.follow("said")) {
            assertThat(follower.data(1)).containsExactly("hi");
        }
    }

    private static void failsInOneLine(Typed typed, String... expected) {
        assertThat(typed.status()).isEqualTo(1);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err().lines()).hasSize(1);
        assertThat(typed.err()).contains(expected);
    }

    @Test
    void aMessageThatNobodyTakesFails() throws Exception {
        failsInOneLine(publish(gateway.open().toString(), "--topic=nobody", file("hi")), "404");
    }

    @Test
    void aGatewayThatIsNotThereFails() throws Exception {
        failsInOneLine(publish("http://127.0.0.1:1", "--topic=t", file("x")), "nobody listens at http://127.0.0.1:1");
    }

    @Test
    void aFileThatIsNotThereFails() {
        failsInOneLine(publish(gateway.ingest().toString(), "--topic=t", "/none"), "/none: no such file");
    }

    @Test
    void whatTheGatewayRefusesFailsInItsWords() throws Exception {
        String base = gateway.ingest().toString();
        failsInOneLine(publish(base, "--topic=t", "--event=a\nb", file("x")), "400", "an event name has 1 to 255");
    }

    @Test
    void aLineThatFailsIsNumbered() throws Exception {
        Typed typed = publish(
                gateway.ingest().toString(), "--topic=t/long", "--lines", file("1\n" + "2".repeat(5_000_000) + "\n3"));
        assertThat(typed.status()).isEqualTo(1);
        assertThat(typed.out().lines()).hasSize(1);
        assertThat(typed.err()).contains("line 2: ", "413", "published before it: 1 event");
    }
}
