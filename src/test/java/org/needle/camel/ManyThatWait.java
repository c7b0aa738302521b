package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.needle.edge.Transport;

/** Ten thousand exchanges that wait for confirmation at one time. */
@Isolated("the heap is measured, and time")
class ManyThatWait {
    private static final int MANY = 10_000;
    private static final String ANNE = "anne-anne-anne-anne";
    private static final int MOST_BYTES = 4096;
    private static final int ROUTES = 10;

    /** Routes that wait {@code first} ms, {@code step} ms longer, and so on. */
    private static TestGateway start(int first, int step) throws Exception {
        TestGateway gateway = new TestGateway();
        gateway.options().setHistoryCount("20000");
        gateway.options().setHistoryBytes("10m");
        gateway.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler()); // the default one would log ten thousand stack traces
                for (int i = 0; i < ROUTES; i++) {
                    from("direct:" + i).to("push:t?confirm=all&confirmTimeout=" + (first + i * step));
                }
                from("direct:none").to("push:none?confirm=any&confirmTimeout=20");
            }
        });
        return gateway.start();
    }

    private static AsyncProcessor route(TestGateway gateway, String name) throws Exception {
        return gateway.context.getEndpoint("direct:" + name).createAsyncProducer();
    }

    private static Exchange exchange(TestGateway gateway, int number) {
        Exchange exchange = new DefaultExchange(gateway.context);
        exchange.getMessage().setBody("number " + number);
        return exchange;
    }

    /** Those of the context, and of whoever watches the time. */
    private static List<String> threads(TestGateway gateway) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("(" + gateway.context.getName() + ")") || name.equals("needle-confirm"))
                .sorted()
                .toList();
    }

    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void needNoThreadAndLittleMemoryAndAllGoOn() throws Exception {
        try (TestGateway gateway = start(60_000, 0)) {
            Client anne = Client.open(gateway, Transport.SSE, ANNE, "t");
            AsyncProcessor route = route(gateway, "0");
            anne.close(); // what a client keeps is not to be counted
            CountDownLatch done = new CountDownLatch(MANY);
            AtomicInteger failures = new AtomicInteger();
            List<String> threads = threads(gateway);
            long before = heap();
            for (int i = 0; i < MANY; i++) {
                Exchange exchange = exchange(gateway, i);
                route.process(exchange, sync -> {
                    failures.addAndGet(exchange.getException() == null ? 0 : 1);
                    done.countDown();
                });
            }
            assertThat(gateway.push().confirming().waiting()).isEqualTo(MANY);
            long each = (heap() - before) / MANY;
            System.out.println(
                    "needle: " + each + " bytes for each exchange that waits, its event in the history included");
            assertThat(threads(gateway))
                    .as("one watches the time for all")
                    .hasSizeLessThanOrEqualTo(threads.size() + 1);
            assertThat(each).isLessThan(MOST_BYTES);
            try (Client back = anne.back(Transport.SSE)) {
                back.confirm(MANY);
                assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(failures).hasValue(0);
            assertThat(gateway.push().confirming().waiting()).isZero();
        }
    }

    /** Not all in the same moment: then they would wait for a processor, and not for their time. */
    @Test
    void areEachGivenUpWithinATenthOfASecondOfTheirTime() throws Exception {
        int first = 3_000;
        int step = 500;
        try (TestGateway gateway = start(first, step);
                Client anne = Client.open(gateway, Transport.WEBSOCKET, ANNE, "t");
                Metronome metronome = new Metronome()) {
            warm(gateway);
            CountDownLatch done = new CountDownLatch(MANY);
            AtomicLong latest = new AtomicLong();
            AtomicLong earliest = new AtomicLong();
            AtomicInteger named = new AtomicInteger();
            for (int i = 0; i < MANY; i++) {
                Exchange exchange = exchange(gateway, i);
                long time = TimeUnit.MILLISECONDS.toNanos(first + (long) (i % ROUTES) * step);
                AsyncProcessor route = route(gateway, "" + i % ROUTES);
                long begun = System.nanoTime();
                route.process(exchange, sync -> {
                    long late = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun - time);
                    latest.accumulateAndGet(late, Math::max);
                    earliest.accumulateAndGet(late, Math::min);
                    boolean right = exchange.getException() instanceof UnreachedException unreached
                            && unreached.getUnreached().equals(List.of(ANNE));
                    named.addAndGet(right ? 1 : 0);
                    done.countDown();
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            long machine = metronome.worst();
            System.out.println("needle: given up " + earliest + " to " + latest
                    + " ms behind their time; the machine itself was " + machine + " ms late");
            assertThat(named).hasValue(MANY);
            assertThat(anne.id()).isEqualTo(ANNE);
            assertThat(earliest.get()).isGreaterThanOrEqualTo(-1);
            assertThat(latest.get() - machine).as("ms behind their time").isLessThanOrEqualTo(100);
        }
    }

    /** How late a thread wakes that has nothing else to do: on a machine that is too busy nothing is on time. */
    private static final class Metronome implements AutoCloseable {
        private static final long PERIOD_MS = 10;
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final AtomicLong worst = new AtomicLong();
        private long next = System.nanoTime();

        Metronome() {
            timer.scheduleAtFixedRate(this::beat, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
        }

        private void beat() {
            worst.accumulateAndGet(System.nanoTime() - next, Math::max);
            next += TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);
        }

        long worst() {
            return TimeUnit.NANOSECONDS.toMillis(worst.get());
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }

    /** What has not been run yet takes its time the first time. */
    private static void warm(TestGateway gateway) throws Exception {
        CountDownLatch done = new CountDownLatch(MANY / 2);
        AsyncProcessor route = route(gateway, "none");
        for (int i = 0; i < MANY / 2; i++) {
            route.process(exchange(gateway, i), sync -> done.countDown());
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
