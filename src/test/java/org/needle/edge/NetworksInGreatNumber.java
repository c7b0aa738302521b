package org.needle.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.hub.TopicFilter;
import org.needle.path.Evidence;
import org.needle.path.Rung;
import org.needle.path.Verdict;

/** A million addresses say something; what is remembered of them stays bounded, and what was learned last is still known. */
@Isolated("it looks at the heap")
class NetworksInGreatNumber {
    private static final int ADDRESSES = 1_000_000;

    private static Network network(int number) {
        byte[] address = {(byte) (number >> 16), (byte) (number >> 8), (byte) number, 1};
        byte[] site = new byte[16];
        site[0] = 0x20;
        System.arraycopy(address, 0, site, 1, 3);
        try {
            InetAddress from = InetAddress.getByAddress(number % 2 == 0 ? address : site);
            return new Network(Network.Prefix.of(from), Network.Family.CHROMIUM, number | 1, number | 1);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void areForgottenFromTheOldest() {
        long before = heap();
        Networks networks = new Networks();
        for (int i = 0; i < ADDRESSES; i++) {
            long now = Networks.now();
            networks.learnWidely(network(i), known -> known.word(Rung.SSE, Verdict.HELD_TO_END, now));
        }
        assertThat(networks.size()).isEqualTo(Networks.MOST);
        assertThat(heap() - before).isLessThan(16L << 20);
        assertThat(networks.of(network(ADDRESSES - 1)).verdict(Rung.SSE, Networks.now()))
                .isEqualTo(Verdict.HELD_TO_END);
        assertThat(networks.of(network(0))).isEqualTo(Evidence.NONE);
        networks.sweep(Networks.now() + Evidence.KEPT + 1_000);
        assertThat(networks.size()).isZero();
    }

    @Test
    void areNotRememberedForLongAsClientsEither() {
        Departures departures = new Departures();
        List<TopicFilter> filters = List.of(TopicFilter.of("t"));
        long now = Networks.now();
        for (int i = 0; i < ADDRESSES; i++) {
            Departures.Look look = new Departures.Look(network(i), filters);
            for (int j = 0; j < (i < 100 ? 2 * Departures.EACH : 1); j++) {
                departures.left(look, new Departure("s", "n", j, 0, now, 1, 1, 1, Counters.End.HOLD));
            }
        }
        assertThat(departures.size()).isEqualTo(Departures.MOST);
        assertThat(departures.back(new Departures.Look(network(ADDRESSES - 1), filters), 0, now))
                .isNotNull();
        departures.sweep(now + Departures.KEPT + 1_000);
        assertThat(departures.size()).isZero();
    }

    @Test
    void areToldApartByTheirFirstBytesOnly() throws UnknownHostException {
        assertThat(prefix("192.0.2.1")).isEqualTo(prefix("192.0.2.254")).isNotEqualTo(prefix("192.0.3.1"));
        assertThat(prefix("2001:db8:1:2::3"))
                .isEqualTo(prefix("2001:db8:1:ffff::9"))
                .isNotEqualTo(prefix("2001:db8:2:2::3"));
    }

    private static Network.Prefix prefix(String address) throws UnknownHostException {
        return Network.Prefix.of(InetAddress.getByName(address));
    }
}
