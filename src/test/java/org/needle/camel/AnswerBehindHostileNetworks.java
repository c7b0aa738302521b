package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;

/**
 * A streamed answer through {@code https-proxy:} to a client behind each profile of the lab, all at the same time: complete, in order,
 * once, and the upstream is asked once for each.
 */
@Tag("lab")
@ResourceLock(value = "lab", mode = ResourceAccessMode.READ)
class AnswerBehindHostileNetworks {
    /** An explicit proxy, which is not about what is behind it. */
    private static final String EXPLICIT = "connect-only-auth";

    /** Dark for 40 s. */
    private static final String DARK = "tunnel";

    /** As a number of streams behind each profile, of so many events and so many ms between them. */
    private static void travel(List<String> left, int each, int count, int pause, Duration patience) throws Exception {
        List<String> profiles =
                Profile.names().stream().filter(name -> !left.contains(name)).toList();
        ExecutorService travellers = Executors.newCachedThreadPool();
        List<Lab> labs = new ArrayList<>();
        try (Forwarding forwarding = new Forwarding()) {
            forwarding.start("&cancelAfter=3m&keep=5m&connectTimeout=1m&responseTimeout=1m");
            InetSocketAddress gateway = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), forwarding.gateway.push().boundPort());
            Map<String, Traveller> there = new LinkedHashMap<>();
            Map<String, CompletableFuture<List<String>>> answers = new LinkedHashMap<>();
            for (String profile : profiles) {
                Lab lab = Lab.open(
                        Profile.named(profile), gateway, LabOptions.plain().from("127.77.9." + (labs.size() + 1)));
                labs.add(lab);
                for (int i = 1; i <= each; i++) {
                    String name = profile + "-" + i;
                    Traveller traveller = new Traveller(lab.port(), "stream/" + name + "?n=" + count + "&ms=" + pause);
                    there.put(name, traveller);
                    answers.put(name, CompletableFuture.supplyAsync(traveller::travel, travellers));
                }
            }
            await().atMost(patience).untilAsserted(() -> assertThat(there.entrySet())
                    .allMatch(traveller -> answers.get(traveller.getKey()).isDone()));
            List<String> all =
                    IntStream.rangeClosed(1, count).mapToObj(i -> "part " + i).toList();
            answers.forEach((name, parts) -> {
                assertThat(parts.join()).as(name).isEqualTo(all);
                assertThat(forwarding.upstream.requests.stream()
                                .filter(request -> request.line().contains("/" + name + "?")))
                        .as("requests of %s at the upstream", name)
                        .hasSize(1);
            });
        } finally {
            labs.forEach(Lab::close);
            travellers.shutdownNow();
        }
    }

    @Test
    @Timeout(120)
    void isCompleteAndOnceAndInOrder() throws Exception {
        travel(List.of(EXPLICIT, DARK), 1, 40, 100, Duration.ofSeconds(60));
    }

    @Test
    @Tag("long")
    @Timeout(300)
    void ofAMinuteIsTheSameForTwoHundredAtOnce() throws Exception {
        travel(List.of(EXPLICIT), 8, 200, 300, Duration.ofSeconds(280));
    }
}
