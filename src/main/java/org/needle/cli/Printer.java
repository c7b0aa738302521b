package org.needle.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import org.needle.client.FollowListener;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.path.Verdict;
import org.needle.wire.ServerFrame;

/** Prints what a follower brings: events to standard output, all else to standard error. The follower's thread only. */
final class Printer implements FollowListener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final PrintWriter err;
    private final Wish wish;
    private final CompletableFuture<Void> done;
    private long printed;
    private @Nullable Rung on;

    /** What is to be printed, and how much of it. */
    record Wish(boolean json, long count) {}

    Printer(Terminal terminal, Wish wish, CompletableFuture<Void> done) {
        this.out = terminal.out();
        this.err = terminal.err();
        this.wish = wish;
        this.done = done;
    }

    @Override
    public void event(ServerFrame.Event event) {
        if (printed == wish.count()) {
            return;
        }
        out.println(wish.json() ? json(event) : data(event));
        printed++;
        if (out.checkError() || printed == wish.count()) {
            done.complete(null); // enough, or nobody reads any more
        }
    }

    private static String data(ServerFrame.Event event) {
        return event.binary()
                ? new String(Base64.getDecoder().decode(event.data()), StandardCharsets.UTF_8)
                : event.data();
    }

    private static String json(ServerFrame.Event event) {
        ObjectNode object = JSON.createObjectNode();
        object.put("id", event.id());
        object.put("topic", event.topic());
        if (event.name() != null) {
            object.put("event", event.name());
        }
        object.put("data", event.data());
        if (event.binary()) {
            object.put("encoding", "base64");
        }
        return object.toString();
    }

    private void tell(String line) {
        err.println(line.replaceAll("\\p{Cntrl}", " "));
        err.flush();
    }

    @Override
    public void gap(ServerFrame.Hole gap) {
        tell("gap: events of " + String.join(", ", gap.topics()) + " are gone (" + gap.reason() + "), up to "
                + gap.to());
    }

    @Override
    public void transport(Rung rung) {
        if (rung != on) {
            on = rung;
            tell("transport: " + rung.label());
        }
    }

    @Override
    public void verdict(Rung rung, Finding finding, String evidence) {
        Verdict verdict = finding.verdict();
        if (verdict != null && verdict != Verdict.CLEAR) {
            tell("verdict: " + rung.label() + " is " + verdict.label()
                    + (finding.number() > 0 ? " (" + finding.number() + ")" : "")
                    + (evidence.isEmpty() ? "" : ": " + evidence));
        }
    }

    /** Whoever was never let in will not be next time either; later it may be only for a while. */
    @Override
    public void trouble(String reason) {
        if (on == null && reason.startsWith("proxy-auth")) {
            done.completeExceptionally(new Failure(reason));
        } else {
            tell("waiting: " + reason);
        }
    }

    @Override
    public void refused(int status, String title) {
        if (on == null) {
            String what = "the gateway answered " + status + ": " + title + Reach.remedy(status);
            done.completeExceptionally(new Failure(what));
        } else {
            tell("refused: " + status + " " + title);
        }
    }
}
