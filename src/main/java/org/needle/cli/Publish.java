package org.needle.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.hub.SystemClock;
import org.needle.hub.Topic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one event, or one a line, and prints the ids. */
@Command(
        name = "publish",
        description = {
            "Publishes a file or standard input as one event, or each of its lines as one.",
            "Prints the id of each event on standard output, and with --lines a count on standard error."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "NEEDLE_TOKEN in the environment is sent as a bearer token.",
            "",
            "Examples:",
            "  echo hello | needle publish http://127.0.0.1:8081 --topic greetings",
            "  needle publish http://127.0.0.1:8081 --topic orders --event created --lines orders.ndjson"
        })
final class Publish implements Callable<Integer> {
    private static final int MAX_EVENT = 64 << 20;

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = {
                "Where the gateway is: http://HOST:PORT of the ingest route, or of the public port to send as a client.",
                "With the path /ingest or /events only that way is tried."
            })
    private URI url = URI.create("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Without it, or with -, standard input.")
    private String file = "-";

    @Option(names = "--topic", required = true, paramLabel = "T", description = "The topic to publish to.")
    private String topic = "";

    @Option(names = "--event", paramLabel = "E", description = "The event's name.")
    private @Nullable String event;

    @Option(names = "--lines", description = "Each line is an event; empty lines are left out.")
    private boolean lines;

    @Mixin
    private Terminal terminal = new Terminal();

    private long sent;
    private long told = SystemClock.millis();

    @Override
    public Integer call() throws Failure {
        checkArguments();
        Sender sender = new Sender(url, Topic.of(topic), event, System.getenv("NEEDLE_TOKEN"));
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            if (lines) {
                sendLines(in, sender);
            } else {
                send(bounded(in.readNBytes(MAX_EVENT + 1)), sender);
            }
        } catch (NoSuchFileException e) {
            throw new Failure(file + ": no such file");
        } catch (IOException e) {
            throw new Failure(file + ": " + e.getMessage());
        }
        return 0;
    }

    private void checkArguments() {
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null) {
            throw terminal.wrong("URL begins with http:// or https:// and a host, not " + url);
        }
        try {
            Topic.of(topic);
        } catch (IllegalArgumentException e) {
            throw terminal.wrong("--topic=" + topic + ": " + e.getMessage());
        }
    }

    /** One line at a time, as it comes: standard input may never end. */
    private void sendLines(InputStream in, Sender sender) throws IOException, Failure {
        BufferedInputStream bytes = new BufferedInputStream(in, 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 0;
        for (int next = 0; next >= 0; ) {
            next = bytes.read();
            if (next >= 0 && next != '\n') {
                line.write(next);
                bounded(line);
                continue;
            }
            number++;
            byte[] event = withoutReturn(line.toByteArray());
            line.reset();
            if (event.length > 0) {
                sendLine(number, event, sender);
            }
        }
        tell(true);
    }

    private void sendLine(long number, byte[] event, Sender sender) throws Failure {
        try {
            send(event, sender);
        } catch (Failure e) {
            throw new Failure("line " + number + ": " + e.getMessage() + "; published before it: " + count());
        }
        tell(false);
    }

    private void send(byte[] event, Sender sender) throws Failure {
        PrintWriter out = terminal.out();
        out.println(sender.send(event));
        out.flush();
        sent++;
    }

    private void tell(boolean done) {
        if (done || SystemClock.millis() - told > 1_000) {
            told = SystemClock.millis();
            terminal.err().println(count());
        }
    }

    private String count() {
        return sent + (sent == 1 ? " event" : " events");
    }

    private static byte[] withoutReturn(byte[] line) {
        boolean ends = line.length > 0 && line[line.length - 1] == '\r';
        return ends ? Arrays.copyOf(line, line.length - 1) : line;
    }

    private static byte[] bounded(byte[] event) throws Failure {
        if (event.length > MAX_EVENT) {
            throw new Failure("an event is at most " + MAX_EVENT + " bytes; did you mean --lines?");
        }
        return event;
    }

    private static void bounded(ByteArrayOutputStream line) throws Failure {
        if (line.size() > MAX_EVENT) {
            throw new Failure("a line is at most " + MAX_EVENT + " bytes");
        }
    }
}
