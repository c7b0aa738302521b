package org.needle.cli;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.needle.client.Diagnosis;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** A diagnosis in plain words: what works, what is done to the rest and how that was seen, and what to do about it. */
final class Report {
    private final Diagnosis diagnosis;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> advice = new LinkedHashSet<>();

    private Report(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    static String of(Diagnosis diagnosis) {
        return new Report(diagnosis).write();
    }

    private String write() {
        line("Network check of " + diagnosis.url());
        if (diagnosis.rungs().isEmpty()) {
            nothing();
        } else {
            line("An answer takes " + diagnosis.beside().rtt() + " ms"
                    + (diagnosis.beside().connect() < 0
                            ? ""
                            : ", a connection " + diagnosis.beside().connect() + " ms")
                    + ".");
            line("");
            diagnosis.rungs().forEach(this::rung);
            line("");
            summary();
        }
        advice.forEach(each -> line("* " + each));
        return text.toString();
    }

    private void line(String words) {
        text.append(words.replaceAll("\\p{Cntrl}", " ")).append('\n');
    }

    private void nothing() {
        switch (diagnosis.info()) {
            case PORTAL -> {
                line("captive-portal: " + diagnosis.reason());
                advice.add("Log in to this network with a browser first. Nothing is wrong with any transport.");
            }
            case AWAY -> {
                line("unavailable: " + diagnosis.reason());
                advice.add(
                        "The gateway, or what is in front of it, does not serve at the moment. Nothing is said of the network.");
            }
            case NONE -> none();
            default -> {
                line("not let in: " + diagnosis.reason());
                advice.add("Put a token into NEEDLE_TOKEN, and give --topic one that it grants.");
            }
        }
    }

    private void none() {
        boolean proxy = diagnosis.reason().startsWith("proxy-auth");
        line((proxy ? "" : "offline: ") + diagnosis.reason());
        advice.add(
                proxy
                        ? "Give the proxy's credentials: --proxy http://USER:PASSWORD@HOST:PORT."
                        : "Nothing passes at all, which says nothing of transports. Is the address right, is there a network, or an explicit"
                                + " proxy to go through (--proxy)?");
    }

    private void rung(Rung rung, Diagnosis.Line found) {
        Finding finding = found.finding();
        Verdict verdict = finding.verdict();
        String name = verdict == null ? "undecided" : verdict.label();
        line(String.format(
                Locale.ROOT,
                "%-10s %-5s %-18s %s",
                rung.label(),
                finding.proved() ? "works" : "-",
                name,
                meaning(finding)));
        line("           seen: " + found.evidence());
        if (verdict != null) {
            advise(rung, verdict, finding);
        }
    }

    private String meaning(Finding finding) {
        Verdict verdict = finding.verdict();
        if (verdict == null) {
            return "too slow to say in this time";
        }
        long number = finding.number();
        return switch (verdict) {
            case CLEAR -> "data comes as it is sent";
            case BLOCKED -> number > 0 ? "refused with " + number : "refused, or never answered";
            case KILLED_AFTER_OPEN -> "opened, and killed " + number + " ms later";
            case SWALLOWED -> "opened, and then nothing came";
            case BUFFERED -> "held until so many bytes have come together" + (number > 0 ? ": " + number : "");
            case HELD_TO_NEXT ->
                "the last part is held until the next one comes; the gateway sends something behind it";
            case HELD_TO_END -> "held until the response ends";
            case DELAYED -> "every part comes " + number + " ms late, and is not held";
            case CUT_AT -> "works, and is cut after " + number + " s";
            case STRIPPED ->
                finding.proved() ? "works; headers are taken away: " + missing() : "the header Upgrade is taken away";
            case METHOD_DENIED -> "the method is denied with " + number;
            case HTTP10 -> "works, in HTTP/1.0";
            case PROXY_AUTH -> "the proxy asks for credentials";
            case REWRITTEN -> "what is sent arrives changed";
            case CAPTIVE_PORTAL -> "somebody wants a login first; says nothing of this transport";
            case UNAVAILABLE -> "the gateway does not serve at the moment; says nothing of this transport";
            case OFFLINE -> "nothing passes at the moment; says nothing of this transport";
        };
    }

    private String missing() {
        return String.join(", ", diagnosis.beside().missing());
    }

    private void advise(Rung rung, Verdict verdict, Finding finding) {
        String advised = advice(rung, verdict, finding.number());
        if (advised != null) {
            advice.add(advised);
        }
    }

    private @Nullable String advice(Rung rung, Verdict verdict, long number) {
        boolean clear = diagnosis.url().getScheme().equals("http");
        return switch (verdict) {
            case HELD_TO_END, BUFFERED ->
                "Ask whoever runs the proxy or scanner on the way for an exception for "
                        + diagnosis.url().getHost()
                        + ": responses of type text/event-stream and application/x-ndjson must not be buffered or held for scanning.";
            case CUT_AT ->
                "Connections are cut after " + number + " s: set camel.component.push.heartbeat to at most "
                        + Math.max(2, number / 2)
                        + "s. If that does not help it is their age that is cut, which costs nothing but a reconnect.";
            case STRIPPED, KILLED_AFTER_OPEN, BLOCKED, SWALLOWED ->
                rung == Rung.WEBSOCKET
                        ? "WebSocket does not pass"
                                + (clear
                                        ? ": try https (wss on port 443), which boxes cannot look into."
                                        : ": let the proxy forward Upgrade and Connection, or leave it to the other transports.")
                        : verdict == Verdict.STRIPPED
                                ? null
                                : "Something refuses " + rung.label() + ": ask for an exception for "
                                        + diagnosis.url().getHost() + (clear ? ", or try https." : ".");
            case REWRITTEN ->
                "Something changes what is sent"
                        + (clear
                                ? ": use https."
                                : ", in https too: it opens TLS. Ask for an exception for "
                                        + diagnosis.url().getHost() + ".");
            case PROXY_AUTH -> "Give the proxy's credentials: --proxy http://USER:PASSWORD@HOST:PORT.";
            case METHOD_DENIED -> "Only some methods pass; clients do without POST.";
            default -> null;
        };
    }

    private void summary() {
        if (diagnosis.works()) {
            line("Events get through: by "
                    + diagnosis.working().stream().map(Rung::label).collect(Collectors.joining(", "))
                    + ". Clients with Needle's library take the first by themselves.");
        } else {
            line("Events do not get through in any way"
                    + (diagnosis.info().passes() ? "." : ": " + diagnosis.reason()));
        }
    }
}
