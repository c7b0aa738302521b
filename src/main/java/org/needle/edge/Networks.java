package org.needle.edge;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.needle.hub.SystemClock;
import org.needle.path.Evidence;
import org.needle.path.Rung;

/**
 * What is known of the networks that clients come from. Bounded: of too many, the one that nothing was learned of for the longest time
 * is forgotten; and all are after a while. Callable from any thread; its monitor is a leaf.
 */
final class Networks {
    static final int MOST = 10_000;

    private record Key(Network.Prefix prefix, Network.Family family) {
        static Key of(Network network) {
            return new Key(network.prefix(), network.family());
        }
    }

    /** Learned at so many ms. */
    private record Memory(Evidence evidence, long at) {}

    /** In the order in which something was learned. */
    private final Map<Key, Memory> memories = new LinkedHashMap<>();

    /** The time of all evidence, in ms. */
    static long now() {
        return SystemClock.nanos() / 1_000_000;
    }

    /** What is known of a network, and of all others at the same place. */
    synchronized Evidence of(Network network) {
        if (memories.isEmpty()) {
            return Evidence.NONE;
        }
        return known(Key.of(network)).within(known(Key.of(network.anybody())), now());
    }

    /** Whether somebody at the same address, with whatever program, was seen to get data as it is sent on a rung, and nobody near says otherwise. */
    synchronized boolean isOpen(Network network, Rung rung) {
        long now = now();
        return known(Key.of(network.anybody())).isClear(rung, network.address(), now);
    }

    private Evidence known(Key key) {
        Memory memory = memories.get(key);
        return memory == null ? Evidence.NONE : memory.evidence();
    }

    /** Takes what was learned of clients like this one. */
    synchronized void learn(Network network, UnaryOperator<Evidence> what) {
        learn(Key.of(network), what);
    }

    /** Takes what may be so for all at the same place. */
    synchronized void learnWidely(Network network, UnaryOperator<Evidence> what) {
        learn(Key.of(network), what);
        learn(Key.of(network.anybody()), what);
    }

    private void learn(Key key, UnaryOperator<Evidence> what) {
        Memory before = memories.remove(key);
        memories.put(key, new Memory(what.apply(before == null ? Evidence.NONE : before.evidence()), now()));
        if (memories.size() > MOST) {
            Iterator<Key> oldest = memories.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Forgets what is too old. Call about once a second. */
    synchronized void sweep() {
        sweep(now());
    }

    synchronized void sweep(long now) {
        Iterator<Memory> oldest = memories.values().iterator();
        while (oldest.hasNext() && now - oldest.next().at() > Evidence.KEPT) {
            oldest.remove();
        }
    }

    synchronized int size() {
        return memories.size();
    }
}
