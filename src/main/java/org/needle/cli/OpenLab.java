package org.needle.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a hostile middlebox in front of a server, until it is stopped. */
@Command(
        name = "lab",
        description = "Puts a hostile middlebox in front of any server.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "While it runs, the name of another profile typed on standard input changes the network: open connections are",
            "lost, as when a device goes elsewhere; with ' stay' behind the name they go on under the new profile.",
            "",
            "Examples:",
            "  needle lab --list",
            "  needle lab --profile buffer-response --listen 9090 --target 127.0.0.1:8080"
        })
final class OpenLab implements Callable<Integer> {
    private static final Pattern PLACE = Pattern.compile("(?:([^:\\s]+|\\[[0-9a-fA-F:.]+]):)?([0-9]{1,5})");
    private static final Path KEYS = Path.of("state", "lab");

    @Option(names = "--list", description = "Prints the profiles, and what each does.")
    private boolean list;

    @Option(names = "--profile", paramLabel = "NAME", description = "One of --list; without it clear.")
    private String profile = "clear";

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            description = "Where it listens, on 127.0.0.1 if no host is given; 0 is any free port.")
    private String listen = "";

    @Option(names = "--target", paramLabel = "HOST:PORT", description = "The server behind it.")
    private String target = "";

    @Option(names = "--seed", paramLabel = "N", description = "The seed of its chance; without it 1.")
    private long seed = 1;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "The local address of its connections to the server, as 127.77.3.1.")
    private @Nullable String from;

    @Option(
            names = "--tls",
            description = "Intercepts TLS, with a certificate whose authority it writes to state/lab/authority.pem.")
    private boolean tls;

    @Option(names = "--target-tls", description = "Speaks TLS with the server, and takes any certificate.")
    private boolean targetTls;

    @Mixin
    private Terminal terminal = new Terminal();

    @Override
    public Integer call() throws Failure {
        if (list) {
            list(terminal.out());
            return 0;
        }
        Profile first = Profile.find(profile);
        if (first == null) {
            throw terminal.wrong("--profile=" + profile + ": there is no such profile, see --list");
        }
        LabOptions options = options(place("--listen", listen, "127.0.0.1"));
        InetSocketAddress server = place("--target", target, "");
        try (Lab lab = Lab.open(first, server, options)) {
            say(lab);
            follow(lab);
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static void list(PrintWriter out) {
        Profile.all().forEach(each -> out.printf("%-26s%s%n", each.name(), each.about()));
        out.flush();
    }

    private LabOptions options(InetSocketAddress where) {
        LabOptions options = LabOptions.plain().on(where).seed(seed).keptIn(KEYS);
        if (from != null) {
            try {
                options = options.from(from);
            } catch (IllegalArgumentException e) {
                throw terminal.wrong("--from=" + from + ": " + e.getMessage());
            }
        }
        options = tls ? options.tls() : options;
        return targetTls ? options.targetTls() : options;
    }

    private InetSocketAddress place(String option, String text, String host) {
        Matcher place = PLACE.matcher(text);
        if (text.isEmpty()) {
            throw terminal.wrong("Missing required option: '" + option + "'");
        }
        if (!place.matches()
                || Integer.parseInt(place.group(2)) > 65_535
                || (place.group(1) == null && host.isEmpty())) {
            throw terminal.wrong(option + "=" + text + ": a place is HOST:PORT, as 127.0.0.1:8080");
        }
        InetSocketAddress address =
                new InetSocketAddress(place.group(1) == null ? host : place.group(1), Integer.parseInt(place.group(2)));
        if (address.isUnresolved()) {
            throw terminal.wrong(option + "=" + text + ": this host is not known");
        }
        return address;
    }

    private void say(Lab lab) throws IOException {
        if (tls) {
            Path file = Files.writeString(KEYS.resolve("authority.pem"), lab.authority());
            terminal.err().println("the authority of its certificate: " + file);
        }
        terminal.out().println((tls ? "https" : "http") + "://127.0.0.1:" + lab.port() + "/ -> " + target);
        say(lab.profile());
    }

    private void say(Profile now) {
        terminal.out().println(now.name() + ": " + now.about());
        terminal.out().flush();
    }

    /** Until the process is stopped; standard input may end before. */
    private void follow(Lab lab) throws IOException, InterruptedException {
        BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (String line = typed.readLine(); line != null; line = typed.readLine()) {
            boolean stay = line.endsWith(" stay");
            Profile next = Profile.find(line.replaceFirst(" stay$", "").strip());
            if (next == null) {
                terminal.err().println("there is no profile " + line.strip() + "; see needle lab --list");
            } else {
                lab.change(next, stay ? Lab.Old.STAY : Lab.Old.LOST);
                say(next);
            }
        }
        new CountDownLatch(1).await();
    }
}
