package org.needle.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Ports;
import org.needle.edge.Transport;

/** Somebody saves a route while subscribers listen. */
class RouteThatIsEdited {
    private static final int SUBSCRIBERS = 100;

    private static final List<Transport> KINDS = List.of(Transport.values());

    @TempDir
    private Path home;

    @Test
    @Timeout(120)
    void disconnectsNobodyAndLosesNothing() throws IOException {
        RunningGateway.prepare(home);
        List<Subscriber> all = new ArrayList<>();
        // a fixed port, as users have it: any free one can be bound twice
        int port = Ports.free();
        try (RunningGateway gateway =
                RunningGateway.start(home, "clock.period=20", "camel.component.push.port=" + port)) {
            Ask ask = Ask.of(gateway.port(), "clock").with("wait=20");
            for (int i = 0; i < SUBSCRIBERS; i++) {
                all.add(Subscriber.open(KINDS.get(i % KINDS.size()), ask));
            }
            all.forEach(subscriber -> subscriber.awaitEvents(5));

            Path route = home.resolve("routes/clock.camel.yaml");
            String text = Files.readString(route);
            Files.writeString(route, text.replace("simple: \"${date", "simple: \"edited ${date"));
            for (Subscriber subscriber : all) {
                Subscriber.soon().until(() -> subscriber.data().stream().anyMatch(data -> data.startsWith("edited")));
            }

            String last = all.get(0).position();
            Subscriber whole = Subscriber.open(Transport.STREAM, ask.from("earliest"));
            all.add(whole);
            Subscriber.soon().until(() -> whole.ids().contains(last));
            List<String> kept = whole.ids();
            for (Subscriber subscriber : all) {
                Subscriber.soon().until(() -> subscriber.ids().contains(last));
                assertThat(subscriber.isEnded())
                        .as("%s was disconnected", subscriber)
                        .isFalse();
                assertThat(subscriber.controls("gap")).isEmpty();
                List<String> ids = subscriber.ids();
                int from = kept.indexOf(ids.get(0));
                int to = ids.indexOf(last) + 1;
                assertThat(ids.subList(0, to)).isEqualTo(kept.subList(from, from + to));
            }
        } finally {
            all.forEach(Subscriber::close);
        }
    }
}
