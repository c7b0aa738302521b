package org.needle.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.needle.path.Rung;
import org.needle.path.Verdict;
import org.needle.wire.Json;
import org.needle.wire.ServerFrame;

/**
 * Tells the gateway what has arrived: at once for a hello, then at most every 250 ms, and what has been found out about the
 * network. On a WebSocket by a frame; else by POST, or by GET where POST does not pass. The owner's thread only.
 */
final class Receipts {
    private static final long APART = 250;

    private final Dial dial;
    private final Map<Rung, Verdict> verdicts = new EnumMap<>(Rung.class);
    private boolean news;
    private volatile boolean byGet;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    Receipts(Dial dial) {
        this.dial = dial;
    }

    /** Complete when the newest one has been answered, or could not be sent. */
    CompletableFuture<?> answered() {
        return last;
    }

    /** One connection's receipts. */
    static final class Due {
        private long next;
        private @Nullable String position;
        private @Nullable String reached;

        /** When the next one is due; -1: none is. */
        long at() {
            return position == null ? -1 : next;
        }

        void arrived(String now) {
            position = now;
            reached = now;
        }

        /** Nothing new has arrived, but the connection lives, which is worth telling once in a heartbeat. */
        void lives(long now, long heartbeat) {
            if (position == null && now - next >= heartbeat) {
                position = reached;
            }
        }

        /** To be told again, with what has been found out. */
        void again() {
            position = reached;
        }
    }

    /** True if that is news. */
    boolean found(Rung rung, Verdict verdict) {
        boolean changed = verdicts.put(rung, verdict) != verdict;
        news |= changed;
        return changed;
    }

    /** Sends a receipt if one is due. */
    void due(Trial trial, long now) {
        ServerFrame.Hello hello = trial.hello();
        if (hello == null || trial.rung().isPoll() || trial.isEnded()) {
            return;
        }
        if (trial.told && now - trial.lastAlive() < hello.heartbeat()) {
            trial.due.lives(now, hello.heartbeat());
        }
        if (trial.due.at() >= 0 && now >= trial.due.at()) {
            send(trial, now);
        }
    }

    /** Sends a receipt for what has arrived and has none. Polls need none. */
    void send(Trial trial, long now) {
        ServerFrame.Hello hello = trial.hello();
        Due due = trial.due;
        String position = trial.rung().isPoll() ? null : due.position;
        if (hello == null || position == null) {
            return;
        }
        due.position = null;
        due.next = now + APART;
        String told = news ? told() : "";
        news = false;
        String json = "{\"control\":\"receipt\",\"session\":" + Json.quoted(hello.session()) + ",\"nonce\":"
                + Json.quoted(hello.nonce()) + ",\"position\":" + Json.quoted(position) + told + "}";
        if (!trial.send(json)) {
            send(trial.ask.base(), json, query(hello, position));
        }
    }

    private String told() {
        return verdicts.entrySet().stream()
                .map(each -> Json.quoted(each.getKey().label()) + ":"
                        + Json.quoted(each.getValue().label()))
                .collect(Collectors.joining(",", ",\"verdicts\":{", "}"));
    }

    private String query(ServerFrame.Hello hello, String position) {
        String found = verdicts.entrySet().stream()
                .map(each -> each.getKey().label() + ":" + each.getValue().label())
                .collect(Collectors.joining(","));
        return "session=" + Ask.encoded(hello.session()) + "&nonce=" + Ask.encoded(hello.nonce()) + "&position="
                + Ask.encoded(position) + "&verdicts=" + Ask.encoded(found);
    }

    private void send(URI base, String json, String query) {
        URI uri = URI.create(base.getScheme() + "://" + base.getRawAuthority() + "/receipts");
        if (byGet) {
            last = dial.send(
                    dial.request(URI.create(uri + "?" + query)).build(), HttpResponse.BodyHandlers.discarding());
            return;
        }
        HttpRequest post = dial.request(uri)
                .setHeader("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        last = dial.send(post, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            int status = answer == null ? 0 : answer.statusCode();
            if (status == 403 || status == 405 || status == 411 || status == 415 || status == 501) {
                byGet = true;
                dial.send(dial.request(URI.create(uri + "?" + query)).build(), HttpResponse.BodyHandlers.discarding());
            }
        });
    }
}
