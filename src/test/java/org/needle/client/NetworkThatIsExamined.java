package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Dark;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;
import org.needle.path.Beside.Info;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** By the doctor: each profile gets its name, and what is no block is not taken for one. */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class NetworkThatIsExamined {
    private static final Map<Rung, Verdict> CLEAR = Map.of(
            Rung.SSE, Verdict.CLEAR,
            Rung.WEBSOCKET, Verdict.CLEAR,
            Rung.STREAM, Verdict.CLEAR,
            Rung.CYCLE, Verdict.CLEAR,
            Rung.POLL, Verdict.CLEAR);

    private final OpenEdge edge = OpenEdge.start();
    private final AtomicInteger number = new AtomicInteger(100);

    @AfterAll
    void stop() {
        edge.close();
    }

    private Diagnosis examine(Profile profile) {
        LabOptions options = LabOptions.plain().from("127.77." + number.incrementAndGet() + ".1");
        try (Lab lab =
                Lab.open(profile, new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()), options)) {
            URI url = URI.create("http://127.0.0.1:" + lab.port());
            Patient patient = new Patient(url, null, () -> null, Dial.Settings.DIRECT, Patient.WATCH);
            return Doctor.examine(patient, Diary.TIMES)
                    .orTimeout(40, TimeUnit.SECONDS)
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertFound(Diagnosis diagnosis, Map<Rung, Verdict> expected) {
        assertThat(diagnosis.info()).as(diagnosis.toString()).isEqualTo(Info.OURS);
        expected.forEach((rung, verdict) -> assertThat(
                        diagnosis.rungs().get(rung).finding().verdict())
                .as(rung + " of " + diagnosis)
                .isEqualTo(verdict));
        assertThat(diagnosis.works()).as(diagnosis.toString()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> getsItsName() {
        edge.publish("t", "something that can be changed");
        Map<String, Map<Rung, Verdict>> names = Map.ofEntries(
                Map.entry("clear", CLEAR),
                Map.entry("buffer-response", Map.of(Rung.SSE, Verdict.HELD_TO_END, Rung.WEBSOCKET, Verdict.CLEAR)),
                Map.entry("buffer-4k", Map.of(Rung.SSE, Verdict.BUFFERED, Rung.STREAM, Verdict.HELD_TO_END)),
                Map.entry("cork-200ms", Map.of(Rung.SSE, Verdict.DELAYED, Rung.POLL, Verdict.DELAYED)),
                Map.entry("scan-tls", Map.of(Rung.SSE, Verdict.HELD_TO_END, Rung.WEBSOCKET, Verdict.CLEAR)),
                Map.entry("scan-tls-no-ws", Map.of(Rung.WEBSOCKET, Verdict.STRIPPED, Rung.CYCLE, Verdict.CLEAR)),
                Map.entry("strip-upgrade", Map.of(Rung.SSE, Verdict.CLEAR, Rung.WEBSOCKET, Verdict.STRIPPED)),
                Map.entry("reset-upgrade", Map.of(Rung.SSE, Verdict.CLEAR, Rung.WEBSOCKET, Verdict.BLOCKED)),
                Map.entry("drop-upgrade", Map.of(Rung.SSE, Verdict.CLEAR, Rung.WEBSOCKET, Verdict.BLOCKED)),
                Map.entry("kill-after-101", Map.of(Rung.WEBSOCKET, Verdict.KILLED_AFTER_OPEN)),
                Map.entry("swallow", Map.of(Rung.SSE, Verdict.SWALLOWED, Rung.POLL, Verdict.CLEAR)),
                Map.entry("deny-event-stream", Map.of(Rung.SSE, Verdict.BLOCKED, Rung.STREAM, Verdict.CLEAR)),
                Map.entry("get-only", Map.of(Rung.SSE, Verdict.CLEAR, Rung.STREAM, Verdict.METHOD_DENIED)),
                Map.entry("strip-headers", Map.of(Rung.SSE, Verdict.STRIPPED, Rung.WEBSOCKET, Verdict.CLEAR)),
                Map.entry("idle-cut-4s", Map.of(Rung.SSE, Verdict.CUT_AT, Rung.WEBSOCKET, Verdict.CUT_AT)),
                Map.entry("max-life-5s", Map.of(Rung.SSE, Verdict.CUT_AT, Rung.WEBSOCKET, Verdict.CUT_AT)),
                Map.entry("rewrite", Map.of(Rung.SSE, Verdict.REWRITTEN, Rung.WEBSOCKET, Verdict.CLEAR)),
                Map.entry("http10", Map.of(Rung.SSE, Verdict.HTTP10, Rung.POLL, Verdict.HTTP10)));
        return names.entrySet().stream()
                .map(each -> dynamicTest(
                        each.getKey(), () -> assertFound(examine(Profile.named(each.getKey())), each.getValue())));
    }

    @Test
    void aCaptivePortalIsNamedAndNothingElse() {
        Diagnosis diagnosis = examine(Profile.named("captive-portal"));
        assertThat(diagnosis.info()).isEqualTo(Info.PORTAL);
        assertThat(diagnosis.rungs()).isEmpty();
    }

    @Test
    void aBadGatewayIsNamedAndNothingElse() {
        assertThat(examine(Profile.named("blip-502")).info()).isEqualTo(Info.AWAY);
    }

    @Test
    void whereNothingPassesNothingIsSaidOfTransports() {
        Diagnosis diagnosis = examine(Profile.of("dark", "dark", new Dark(List.of(new Dark.Period(0, 60_000)))));
        assertThat(diagnosis.info()).isEqualTo(Info.NONE);
        assertThat(diagnosis.rungs()).isEmpty();
    }

    @Test
    void aGatewayThatIsSlowAtFirstIsClear() {
        long began = Diary.TIMES.steady();
        assertFound(examine(Profile.of("dark", "dark", new Dark(List.of(new Dark.Period(0, 5_000))))), CLEAR);
        assertThat(Duration.ofMillis(Diary.TIMES.steady() - began)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aProxyWithoutCredentialsIsNamed() {
        try (ExplicitProxy proxy = new ExplicitProxy("me:secret")) {
            URI url = URI.create("http://127.0.0.1:" + edge.port());
            Dial.Settings way =
                    new Dial.Settings(ProxyAddress.of("http://127.0.0.1:" + proxy.port()), null, Duration.ofSeconds(5));
            Diagnosis diagnosis = Doctor.examine(new Patient(url, null, () -> null, way, Patient.WATCH), Diary.TIMES)
                    .join();
            assertThat(diagnosis.reason()).startsWith("proxy-auth");
            assertThat(diagnosis.works()).isFalse();
        }
    }
}
