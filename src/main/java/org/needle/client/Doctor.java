package org.needle.client;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.needle.path.Beside;
import org.needle.path.Beside.Info;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.path.Verdict;
import org.needle.wire.ServerFrame;

/**
 * Examines a network: tries every transport beside each other, each as a session of its own, and says what is done to it. Receipts
 * are held back until a stream is proved, so that the gateway ends those that are not, and what is held comes out. In a thread of its
 * own, {@code needle-doctor}.
 */
public final class Doctor implements Trial.Ear {
    private static final List<Rung> RUNGS = List.of(Rung.SSE, Rung.WEBSOCKET, Rung.STREAM, Rung.CYCLE, Rung.POLL);
    private static final long PULSE = 50;
    private static final long LATE = 150;
    private static final long MOST = 13_000;
    private static final long FIRST_CHECK = 8_000;
    private static final int CHECKS = 3;
    private static final String TOPIC = "needle-doctor";
    private static final String ALL = "**";
    /** Topics whose names fill more than a block of 4 KiB, in the gap that they are told of. */
    private static final int FILL = 60;

    private final Patient patient;
    private final Owner owner;
    private final Dial dial;
    private final Stream ids;
    private final Receipts receipts;
    private final CompletableFuture<Diagnosis> done = new CompletableFuture<>();
    private final Map<Rung, Trial> trials = new EnumMap<>(Rung.class);
    private final List<Rung> repeated = new ArrayList<>();
    private Beside beside = new Beside(null, FIRST_CHECK, -1, List.of(), false);
    private long connect = -1;
    private long began;
    private long next;
    private @Nullable Trial held;
    private @Nullable Trial filled;

    private Doctor(Patient patient, Owner owner) {
        this.patient = patient;
        this.owner = owner;
        this.dial = new Dial(patient.way());
        this.receipts = new Receipts(dial);
        Following nobody = Following.of(patient.url(), TOPIC).as(patient.token());
        this.ids = new Stream(nobody, event -> {}, new SecureRandom());
    }

    /** Takes about as long as the patient is to be watched, and longer where everything is slow. */
    public static CompletableFuture<Diagnosis> examine(Patient patient, Times times) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "needle-doctor");
            made.setDaemon(true);
            return made;
        });
        Doctor doctor = new Doctor(patient, new Owner(thread, times));
        doctor.connect = patient.way().proxy() == null ? Reachable.connect(patient.url(), times) : -1;
        doctor.began = doctor.owner.now();
        doctor.owner.after(0, () -> doctor.check(CHECKS));
        return doctor.done.whenComplete((diagnosis, failure) -> thread.shutdownNow());
    }

    /** Asks a few times: the first answer is the slowest, and what is late every time is late on the way. */
    private void check(int times) {
        long asked = owner.now();
        new Check(dial, patient.url(), ids.random())
                .ask(FIRST_CHECK)
                .thenAccept(answer -> owner.tell(() -> true, at -> {
                    long rtt = Math.min(beside.rtt(), Math.max(1, at - asked));
                    if (!answer.info().passes()) {
                        done.complete(new Diagnosis(patient.url(), answer.info(), answer.reason(), beside, Map.of()));
                        return;
                    }
                    beside = answer.beside(rtt, connect);
                    if (times > 1 && at - began < FIRST_CHECK) {
                        check(times - 1);
                    } else {
                        open();
                    }
                }));
    }

    private void open() {
        began = owner.now();
        next = began;
        RUNGS.forEach(rung -> open(rung, topic(rung)));
        pulse();
    }

    private Trial open(Rung rung, String topic) {
        return open(rung, List.of(topic), rung == Rung.POLL ? "earliest" : null);
    }

    private Trial open(Rung rung, List<String> topics, @Nullable String position) {
        Ask.Pass pass = new Ask.Pass(ids.random(), null, patient.token().get(), !rung.isPoll());
        Ask ask = new Ask(patient.url(), topics, rung, pass, position, rung == Rung.CYCLE ? 1 : 0);
        Trial trial = new Trial(ask, new Cursor(null).place(), owner.now(), this);
        trials.put(rung, trial);
        trial.on(
                rung == Rung.WEBSOCKET
                        ? new SocketLink(dial, ask, trial, owner)
                        : new HttpLink(dial, ask, trial, owner));
        return trial;
    }

    private String topic(Rung rung) {
        String given = patient.topic();
        return given != null ? given : rung == Rung.POLL ? ALL : TOPIC;
    }

    /** Behind a position of another log the gateway tells of a gap, with so many topics that a block of 4 KiB is full. */
    private Trial fill() {
        String topic = topic(Rung.SSE);
        List<String> topics =
                IntStream.range(0, FILL).mapToObj(n -> fill(topic, n)).toList();
        return open(Rung.SSE, topics, "another-0");
    }

    private static String fill(String topic, int number) {
        String stem = topic.replaceFirst("/?\\*+$", "");
        return (stem.isEmpty() ? TOPIC : stem) + "/" + "doctor-".repeat(10) + number;
    }

    // ---- what is seen ----

    @Override
    public void frame(Trial trial, ServerFrame frame) {
        if (frame instanceof ServerFrame.Hello hello) {
            trial.due.arrived(hello.position());
        } else if (frame instanceof ServerFrame.Event event) {
            trial.due.arrived(event.id());
        }
    }

    @Override
    public void changed(Trial trial) {
        // looked at in each pulse
    }

    /** Another topic may be ours to follow; if none is, nothing can be said of transports. */
    @Override
    public void refused(Trial trial, int status, String title) {
        if (trial == filled) {
            trials.remove(Rung.SSE);
        } else if (trial.rung() == Rung.POLL && trial.ask.topics().contains(ALL)) {
            trial.close();
            open(Rung.POLL, TOPIC);
        } else {
            done.complete(new Diagnosis(
                    patient.url(), Info.OURS, "the gateway answered " + status + ": " + title, beside, Map.of()));
        }
    }

    private void pulse() {
        long now = owner.now();
        boolean late = now - next > LATE;
        boolean open = false;
        for (Trial trial : List.copyOf(trials.values())) {
            trial.disturbed |= late && !trial.told;
            open |= look(trial, now);
        }
        if (!open || now - began > MOST + patient.watch()) {
            conclude();
            return;
        }
        next = owner.now() + PULSE;
        owner.after(PULSE, this::pulse);
    }

    /** True if there may be more to see. */
    private boolean look(Trial trial, long now) {
        Finding finding = trial.judge(now, beside);
        if (finding.proved() && !trial.told) {
            trial.told = true;
            receipts.send(trial, now);
        } else if (trial.told) {
            receipts.due(trial, now);
        }
        boolean watched = trial.told && !trial.rung().isFinite() && now - began < patient.watch();
        boolean over = finding.isOver() || trial.isEnded() || (trial.told && !watched);
        boolean burst = finding.verdict() == Verdict.BUFFERED || finding.verdict() == Verdict.HELD_TO_END;
        if (over && burst && trial.disturbed && !repeated.contains(trial.rung())) {
            repeated.add(trial.rung());
            trial.close();
            open(trial.rung(), topic(trial.rung()));
            return true;
        }
        if (over && trial.rung() == Rung.SSE && finding.verdict() == Verdict.HELD_TO_END && held == null) {
            held = trial; // is it the whole response that is held, or blocks?
            trial.close();
            filled = fill();
            return true;
        }
        return !over;
    }

    // ---- what it comes to ----

    private void conclude() {
        Trial poll = trials.get(Rung.POLL);
        long asked = owner.now();
        boolean changed = poll != null && poll.judge(asked, beside).verdict() == Verdict.REWRITTEN;
        new Check(dial, patient.url(), ids.random())
                .ask(Beside.budget(beside.rtt()))
                .thenAccept(answer -> owner.tell(() -> true, at -> conclude(answer.info(), answer.reason(), changed)));
    }

    private void conclude(Info info, String reason, boolean changed) {
        Beside known = new Beside(info, beside.rtt(), beside.connect(), beside.missing(), beside.http10());
        Map<Rung, Diagnosis.Line> lines = new EnumMap<>(Rung.class);
        if (held != null && (filled == null || filled.judge(owner.now(), known).verdict() != Verdict.BUFFERED)) {
            trials.put(Rung.SSE, held);
        }
        for (Trial trial : trials.values()) {
            Finding finding = trial.judge(owner.now(), known);
            if (changed && trial.rung() != Rung.WEBSOCKET && finding.proved()) {
                finding = new Finding(Verdict.REWRITTEN, false, 0, -1);
            }
            lines.put(trial.rung(), new Diagnosis.Line(finding, Evidence.of(trial)));
            Verdict verdict = finding.verdict();
            if (verdict != null && verdict.isOfTransport()) {
                receipts.found(trial.rung(), verdict);
            }
        }
        tell(new Diagnosis(patient.url(), info, reason, known, lines));
    }

    /** The gateway learns it too, by a connection that it knows. */
    private void tell(Diagnosis diagnosis) {
        Trial teller = teller();
        if (teller != null) {
            teller.due.again();
            receipts.send(teller, owner.now());
        }
        receipts.answered()
                .handle((answer, failure) -> failure)
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .thenAccept(failure -> owner.tell(() -> true, at -> {
                    trials.values().forEach(Trial::close);
                    done.complete(diagnosis);
                }));
    }

    private @Nullable Trial teller() {
        return trials.values().stream()
                .filter(trial -> trial.hello() != null && !trial.rung().isPoll())
                .min((one, other) -> Boolean.compare(one.isEnded(), other.isEnded()))
                .orElse(null);
    }
}
