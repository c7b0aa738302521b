package org.needle.client;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.needle.path.Beside;
import org.needle.path.Beside.Info;
import org.needle.path.Fact;

/** Whether the gateway is there, as {@code /info} says when it is asked, and how far away it is. The owner's thread only. */
final class Gate {
    private static final long PATIENCE = 8_000;

    private final Dial dial;
    private final Owner owner;
    private final FollowListener listener;
    private Beside beside = new Beside(null, PATIENCE, -1, List.of(), false);
    private long number;
    private int failures;
    private String trouble = "";

    Gate(Dial dial, Owner owner, FollowListener listener) {
        this.dial = dial;
        this.owner = owner;
        this.listener = listener;
    }

    /** What is known beside every attempt. */
    Beside beside() {
        return beside;
    }

    /** Checks in a row that were not answered. */
    int failures() {
        return failures;
    }

    void forget() {
        failures = 0;
        beside = new Beside(null, PATIENCE, -1, List.of(), false);
    }

    /** The gateway has been heard, so whatever the trouble was it is over. */
    void reached() {
        trouble = "";
    }

    /** Asks; an answer to an earlier question is not listened to any more. */
    void check(URI base, String nonce, Collection<Trial> trials, Consumer<Fact.Checked> then) {
        long asked = owner.now();
        long mine = ++number;
        long patience = Beside.budget(beside.rtt());
        new Check(dial, base, nonce)
                .ask(patience)
                .thenAccept(answer -> owner.tell(() -> mine == number, at -> {
                    boolean heard = trials.stream()
                            .anyMatch(trial -> trial.lastAlive() > asked && trial.lastAlive() > trial.born);
                    Info info = answer.info() == Info.NONE && heard ? Info.ODD : answer.info();
                    learn(answer, info, at - asked);
                    then.accept(new Fact.Checked(info, at - asked));
                }));
    }

    private void learn(Check.Answer answer, Info info, long took) {
        if (info.passes()) {
            failures = 0;
            beside = answer.info() == Info.OURS ? answer.beside(took, -1) : beside;
            return;
        }
        failures++;
        if (info == Info.NONE) {
            dial.renew();
        }
        if (!trouble.equals(answer.reason())) {
            trouble = answer.reason();
            listener.trouble(trouble);
        }
    }
}
