package org.needle.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.client.Follower;
import org.needle.client.Following;
import org.needle.hub.Position;
import org.needle.hub.TopicFilter;
import org.needle.path.Plan;
import org.needle.path.Rung;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subscribes from a terminal, through whatever network there is. The events are printed by the follower's thread. */
@Command(
        name = "tail",
        description = {
            "Prints the events of topics as they come, each once and in order, by the best transport that the network lets through.",
            "Changes of transport, and what the network does to the others, go to standard error."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "NEEDLE_TOKEN in the environment is sent as a bearer token. Goes on over restarts of the gateway until it is stopped.",
            "",
            "Examples:",
            "  needle tail http://127.0.0.1:8080 --topic clock",
            "  needle tail https://events.example --topic 'orders/**' --json --proxy http://me:secret@proxy.example:3128"
        })
final class Tail implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "Where the gateway is: http://HOST:PORT or https://HOST:PORT.")
    private URI url = URI.create("");

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "A topic or pattern; again for more. Without it all that may be followed (**).")
    private List<String> topics = new ArrayList<>();

    @Option(
            names = "--transport",
            paramLabel = "X",
            split = ",",
            description =
                    "Only this one of sse, websocket, stream, cycle, poll, short-poll; several, best first, with commas.")
    private List<String> transports = new ArrayList<>();

    @Option(
            names = "--position",
            paramLabel = "P",
            description = "Begin behind the event with this id, or with earliest: all that is kept. Without it, now.")
    private @Nullable String position;

    @Option(names = "--json", description = "Print each event as a JSON object, a line each, not its data only.")
    private boolean json;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
    private long count = Long.MAX_VALUE;

    @Mixin
    private Reach reach = new Reach();

    @Mixin
    private Terminal terminal = new Terminal();

    @Override
    public Integer call() throws Failure {
        String token = System.getenv("NEEDLE_TOKEN");
        Following following = new Following(
                List.of(Reach.gateway(terminal, url)),
                topics(),
                position(),
                plan(),
                () -> token,
                reach.settings(terminal));
        CompletableFuture<Void> done = new CompletableFuture<>();
        Follower follower =
                Follower.start(following, new Printer(terminal, new Printer.Wish(json, count), done), Reach.TIMES);
        Thread onExit = new Thread(follower::close, "needle-tail-exit");
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            done.get();
            return 0;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failure failure ? failure : new Failure(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        } finally {
            follower.close();
            forget(onExit);
        }
    }

    private static void forget(Thread onExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // it is running
        }
    }

    private List<String> topics() {
        for (String topic : topics) {
            try {
                TopicFilter.of(topic);
            } catch (IllegalArgumentException e) {
                throw terminal.wrong("--topic=" + topic + ": " + e.getMessage());
            }
        }
        return topics.isEmpty() ? List.of("**") : topics;
    }

    private @Nullable String position() {
        if (position != null && !Position.isWellFormed(position)) {
            throw terminal.wrong("--position=" + position + ": give an id exactly as it was received, or earliest");
        }
        return position;
    }

    private Plan plan() {
        if (count < 1) {
            throw terminal.wrong("--count is a number from 1");
        }
        List<Rung> rungs = new ArrayList<>();
        for (String transport : transports) {
            Rung rung = Rung.of(transport);
            if (rung == null) {
                throw terminal.wrong(
                        "--transport=" + transport + ": sse, websocket, stream, cycle, poll or short-poll");
            }
            rungs.add(rung);
        }
        return rungs.isEmpty()
                ? Plan.DEFAULT
                : Plan.DEFAULT.over(rungs.stream().distinct().toList());
    }
}
