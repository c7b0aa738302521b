package org.needle.cli;

import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.client.Diagnosis;
import org.needle.client.Doctor;
import org.needle.client.Patient;
import org.needle.hub.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Names what the network does, in words that can be sent on. */
@Command(
        name = "doctor",
        description = {
            "Tries every transport beside each other for about five seconds, and says which work, what is done to the others,",
            "by which evidence, and what to configure. Status 0 if events can get through in some way, else 1."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "NEEDLE_TOKEN in the environment is sent as a bearer token; then --topic has to be one that it grants.",
            "",
            "Examples:",
            "  needle doctor https://events.example",
            "  needle doctor https://events.example --proxy http://proxy.example:3128 --watch 90"
        })
final class AskDoctor implements Callable<Integer> {
    private static final int PATIENCE = 60;
    private static final int MOST = 3_600;

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "Where the gateway is: http://HOST:PORT or https://HOST:PORT.")
    private URI url = URI.create("");

    @Option(names = "--topic", paramLabel = "T", description = "A topic that may be followed, if not every one may.")
    private @Nullable String topic;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            description = "Watch what works for so long, to find out when silent connections are cut.")
    private int watch;

    @Mixin
    private Reach reach = new Reach();

    @Mixin
    private Terminal terminal = new Terminal();

    @Override
    public Integer call() throws Failure {
        if (watch < 0 || watch > MOST) {
            throw terminal.wrong("--watch is a number of seconds up to " + MOST);
        }
        long time = Math.max(Patient.WATCH, 1_000L * watch);
        String token = System.getenv("NEEDLE_TOKEN");
        Patient patient =
                new Patient(Reach.gateway(terminal, url), topic(), () -> token, reach.settings(terminal), time);
        terminal.err().println("examining " + patient.url() + " …");
        terminal.err().flush();
        Diagnosis diagnosis = examine(patient);
        terminal.out().print(Report.of(diagnosis));
        terminal.out().flush();
        return diagnosis.works() ? 0 : 1;
    }

    private @Nullable String topic() {
        try {
            return topic == null ? null : Topic.of(topic).name();
        } catch (IllegalArgumentException e) {
            throw terminal.wrong("--topic=" + topic + ": " + e.getMessage());
        }
    }

    private static Diagnosis examine(Patient patient) throws Failure {
        try {
            return Doctor.examine(patient, Reach.TIMES).get(patient.watch() + 1_000L * PATIENCE, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Failure("the examination came to nothing: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }
}
