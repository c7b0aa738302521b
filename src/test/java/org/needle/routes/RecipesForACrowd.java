package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.needle.camel.Unreached;
import org.needle.cli.RunningGateway;
import org.needle.client.FollowListener;
import org.needle.client.Follower;
import org.needle.client.Following;
import org.needle.conformance.HostileNetwork;
import org.needle.lab.Dark;
import org.needle.lab.Lab;
import org.needle.lab.Profile;
import org.needle.path.Finding;
import org.needle.path.Rung;
import org.needle.wire.ServerFrame;

/**
 * 10,000 events through a recipe for 1,000 subscribers, a tenth of whom come to be behind bad networks. Whoever has not got an
 * event when its exchange ends is named, and nobody else; the recipe's last leg has it for them, once; and in the end
 * everybody has got everything, once and in order.
 */
@Tag("long")
@ResourceLock("lab")
@Timeout(600)
class RecipesForACrowd {
    private static final int GOOD = 900;
    private static final int NETWORKS = 10;
    private static final int ON_EACH = 10;
    private static final int EVENTS = 10_000;
    private static final int RAMP_MS = 10_000;

    /** Who has confirmed an event sooner after its publish is never named: the shortest wait is longer by the way of a receipt. */
    private static final int SOON_MS = 1_500;

    /** How long a client may be busy finding a way that works, and its receipts get lost. */
    private static final int WALK_MS = 25_000;

    /** How often one of those whose path is good may be taken for one that gets nothing: both sides share two processors. */
    private static final int MOST_RETURNS = GOOD / 100;

    private static final List<String> BAD = List.of(
            "buffer-response",
            "buffer-4k",
            "late-by-one",
            "scan-tls",
            "scan-tls-no-ws",
            "swallow",
            "deny-event-stream",
            "idle-cut-4s",
            "max-life-5s",
            "max-life-5s-rst",
            "http10",
            "blip-502");

    /**
     * When an exchange began, and ended, and with what.
     *
     * @param handed whether the last leg had to have it
     */
    private record Outcome(int sent, int at, Set<String> unreached, boolean handed) {}

    private final Random random = new Random(5);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    /** A breaker holds its caller's thread. */
    private final ExecutorService callers = Executors.newCachedThreadPool();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Lab> networks = new ArrayList<>();

    /** When each became bad. */
    private final AtomicIntegerArray spoiled = new AtomicIntegerArray(NETWORKS);

    /** Those behind them, by session. */
    private final Map<String, Notes> bad = new HashMap<>();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    private RelayDouble relay;
    private RunningGateway gateway;
    private Crowd crowd;

    @BeforeEach
    void listen() throws Exception {
        relay = new RelayDouble();
        open.add(relay);
    }

    @AfterEach
    void stop() throws Exception {
        clock.shutdownNow();
        callers.shutdownNow();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    private void start(String recipe, String time) throws Exception {
        RunningGateway.Plan plan = RunningGateway.in(folder)
                .routes()
                .with("queue.name", "")
                .with("fallback.url", relay.url())
                .with("fallback.retries", "2")
                .with("fallback.pause", "500")
                .with("fallback.time", time)
                .with("fallback.sse-time", "3s")
                .with("fallback.websocket-time", "4s")
                .with("camel.component.push.heartbeat", "5s") // who is silent is noticed after 15 s
                .with("camel.component.push.resume-window", "5m") // whoever is away stays in the audience
                .with("camel.component.push.leg-down", "100")
                .with("camel.component.push.history-count", "100000");
        Path file = FallbackRecipes.recipes().stream()
                .filter(each -> each.endsWith(recipe + ".camel.yaml"))
                .findFirst()
                .orElseThrow();
        Files.copy(file, folder.resolve("routes").resolve(file.getFileName()));
        gateway = opened(plan.start());
    }

    /** An event whose data is its number; what becomes of it is found in {@link #outcomes}. */
    private void send(AsyncProducer recipe, int number) {
        Exchange exchange = recipe.getEndpoint().createExchange();
        exchange.getMessage().setBody(Integer.toString(number));
        exchange.getMessage().setHeader("CamelPushTopic", "crowd");
        int sent = Arrivals.now();
        recipe.process(exchange, sync -> {
            Set<String> unreached = new HashSet<>(new Unreached().of(exchange));
            if (exchange.getException() != null) {
                wrong.add(number + ": " + exchange.getException());
            }
            boolean handed = exchange.getProperty("CamelCircuitBreakerResponseFromFallback", false, Boolean.class);
            outcomes.put(number, new Outcome(sent, Arrivals.now(), unreached, handed || !unreached.isEmpty()));
        });
    }

    /** Each follows a topic of its own as well: whoever confirms an event there is known by its session. */
    private void bringTheOthers() throws Exception {
        List<Notes> all = new ArrayList<>();
        List<Follower> followers = new ArrayList<>();
        for (int network = 0; network < NETWORKS; network++) {
            HostileNetwork way =
                    opened(HostileNetwork.open("clear", gateway.open().getPort()));
            networks.add(way.lab());
            for (int i = 0; i < ON_EACH; i++) {
                Notes notes = new Notes(new Arrivals(EVENTS), network, new ArrayList<>());
                Following following = Following.of(URI.create(way.url()), "crowd", "who/" + all.size());
                all.add(notes);
                followers.add(opened(Follower.start(following, notes, Listener.TIMES)));
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> followers.stream().allMatch(follower -> follower.transport() != null));
        for (int i = 0; i < all.size(); i++) {
            bad.put(sessionOf(to("push:who/" + i + "?confirm=all&confirmTimeout=2s")), all.get(i));
        }
    }

    /** A client that is slow to begin may have begun twice; the other session is soon forgotten. */
    private static String sessionOf(AsyncProducer only) {
        List<String> found = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Exchange exchange = only.getEndpoint().createExchange();
            exchange.getMessage().setBody("who is there?");
            CompletableFuture<Void> done = new CompletableFuture<>();
            only.process(exchange, sync -> done.complete(null));
            done.join();
            List<?> reached = exchange.getMessage().getHeader("CamelPushReached", List.class);
            assertThat(exchange.getException()).isNull();
            assertThat(reached).hasSize(1);
            found.add(String.valueOf(reached.get(0)));
        });
        return found.get(0);
    }

    private record Notes(Arrivals arrivals, int network, List<String> story) implements FollowListener {
        private synchronized void tell(String what) {
            story.add(Arrivals.now() + " at " + arrivals.count() + ": " + what);
        }

        @Override
        public void transport(Rung rung) {
            tell("on " + rung.label());
        }

        @Override
        public void verdict(Rung rung, Finding finding, String evidence) {
            tell(rung.label() + " is " + finding + " " + evidence);
        }

        @Override
        public void trouble(String reason) {
            tell(reason);
        }

        @Override
        public void event(ServerFrame.Event event) {
            if (event.topic().equals("crowd")) {
                arrivals.came(event.id(), event.data());
            }
        }

        @Override
        public void gap(ServerFrame.Hole gap) {
            arrivals.wrong("gap " + gap);
        }
    }

    private AsyncProducer to(String uri) throws Exception {
        AsyncProducer producer = gateway.context().getEndpoint(uri).createAsyncProducer();
        producer.start();
        open.add(producer::stop);
        return producer;
    }

    /** One network goes dark for a long time, each of the others does something of its own to its subscribers. */
    private void spoilTheNetworks(int withinMs) {
        Lab.Old[] old = {Lab.Old.LOST, Lab.Old.STRANDED};
        Profile tunnel = Profile.of("long-tunnel", "dark for 12 s", new Dark(List.of(new Dark.Period(0, 12_000))));
        for (int i = 0; i < networks.size(); i++) {
            Lab lab = networks.get(i);
            Profile profile = i == 0 ? tunnel : Profile.named(BAD.get(random.nextInt(BAD.size())));
            Lab.Old what = i == 0 ? Lab.Old.STAY : old[random.nextInt(old.length)];
            int network = i;
            clock.schedule(
                    () -> {
                        lab.change(profile, what);
                        spoiled.set(network, Arrivals.now());
                    },
                    RAMP_MS + random.nextInt(withinMs),
                    TimeUnit.MILLISECONDS);
        }
        clock.schedule(() -> relay.answers(503), 25, TimeUnit.SECONDS);
        clock.schedule(() -> relay.answers(204), 30, TimeUnit.SECONDS);
    }

    /** The more a recipe does for each who is named, and the more threads it holds, the less of this machine is left. */
    @ParameterizedTest
    @CsvSource({"failover,100,4s", "retry-later,200,4s", "webhook-for-each,100,8s", "circuit-breaker,50,3s"})
    void reachEverybodyOnceAndNameExactlyThoseWhoAreLeft(String recipe, int perSecond, String time) throws Exception {
        start(recipe, time);
        crowd = opened(Crowd.to(gateway.open(), "crowd", GOOD, EVENTS));
        bringTheOthers();
        AsyncProducer producer = to("direct:" + recipe);
        boolean holds = recipe.equals("circuit-breaker");
        int lasts = atMs(EVENTS, perSecond);
        spoilTheNetworks(lasts - 40_000);
        for (int i = 0; i < EVENTS; i++) {
            int number = i;
            Runnable sending = () -> send(producer, number);
            clock.schedule(
                    holds ? () -> callers.execute(sending) : sending, atMs(number, perSecond), TimeUnit.MILLISECONDS);
        }
        await().atMost(Duration.ofMillis(lasts).plusMinutes(1)).until(() -> outcomes.size() == EVENTS);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(this::everybodyHasEverything);
        if (!holds) { // one thread has sent them all
            everybodyHasThemAsTheyWereSent();
        }
        namesExactlyThoseWhoWereLeft();
        lastLegHasItForThem(recipe.equals("webhook-for-each"));
        assertThat(crowd.returns()).isLessThanOrEqualTo(MOST_RETURNS);
        System.out.println("needle: " + recipe + ": " + summary());
    }

    /** When an event is sent: in the first ten seconds more and more often, because code that is not compiled yet is late for everybody. */
    private static int atMs(int number, int perSecond) {
        double steady = 1_000.0 * number / perSecond + RAMP_MS / 2.0;
        return (int) (steady > RAMP_MS ? steady : Math.sqrt(2_000.0 * RAMP_MS * number / perSecond));
    }

    private void everybodyHasEverything() {
        crowd.members().forEach((session, member) -> hasEverything(session, member.arrivals));
        bad.forEach((session, notes) -> hasEverything(session, notes.arrivals()));
    }

    private void everybodyHasThemAsTheyWereSent() {
        Stream.concat(
                        crowd.members().values().stream().map(member -> member.arrivals),
                        bad.values().stream().map(Notes::arrivals))
                .forEach(arrivals -> IntStream.range(0, EVENTS)
                        .forEach(event -> assertThat(arrivals.rank(event)).isEqualTo(event + 1)));
    }

    private void hasEverything(String session, Arrivals arrivals) {
        assertThat(arrivals.wrong()).as(session).isEmpty();
        assertThat(arrivals.count()).as(session).isEqualTo(EVENTS);
    }

    private void namesExactlyThoseWhoWereLeft() {
        outcomes.forEach((event, outcome) -> {
            crowd.members().forEach((session, member) -> {
                boolean named = outcome.unreached().contains(session);
                judge(event, session, named, member.arrivals, member.confirmedAt(event));
            });
            bad.forEach((session, notes) -> {
                boolean named = outcome.unreached().contains(session);
                int came = notes.arrivals().at(event);
                int since = came - spoiled.get(notes.network());
                boolean busy = since > -500 && since < WALK_MS; // it has the event and cannot say so
                judge(event, notes.network() + session, named, notes.arrivals(), busy ? Integer.MAX_VALUE : came);
            });
        });
        assertThat(wrong).as(stories()).isEmpty();
    }

    private String stories() {
        return bad.entrySet().stream()
                .filter(each -> wrong.stream().anyMatch(line -> line.contains(each.getKey())))
                .map(each -> each.getKey() + ", network spoiled at "
                        + spoiled.get(each.getValue().network()) + ":\n"
                        + String.join("\n", each.getValue().story()))
                .collect(Collectors.joining("\n"));
    }

    private void judge(int event, String session, boolean named, Arrivals arrivals, int confirmed) {
        Outcome outcome = outcomes.get(event);
        boolean waited = !outcome.handed() || !outcome.unreached().isEmpty(); // not while a breaker is open
        if (waited && !named && arrivals.at(event) > outcome.at()) {
            wrong.add(event + ": " + session + " is not named and got it " + (arrivals.at(event) - outcome.at())
                    + " ms later");
        }
        if (named && confirmed < outcome.sent() + SOON_MS) {
            wrong.add(event + ": " + session + " is named and had it after " + (confirmed - outcome.sent()) + " ms");
        }
    }

    private void lastLegHasItForThem(boolean forEach) throws Exception {
        List<String> taken = new ArrayList<>();
        relay.posts().stream()
                .filter(post -> post.status() == 204)
                .forEach(post -> taken.add(post.data() + " " + post.session()));
        FallbackRecipes.undelivered(gateway)
                .forEach(file -> taken.add(
                        file.path("data").asText() + " " + file.path("session").asText()));
        List<String> wanted = outcomes.entrySet().stream()
                .filter(each -> each.getValue().handed())
                .flatMap(each -> (forEach ? each.getValue().unreached().stream() : Stream.of(""))
                        .map(session -> each.getKey() + " " + session))
                .toList();
        assertThat(taken).doesNotHaveDuplicates();
        assertThat(new HashSet<>(taken)).isEqualTo(new HashSet<>(wanted));
    }

    private String summary() {
        long handed = outcomes.values().stream().filter(Outcome::handed).count();
        return handed + " of " + EVENTS + " events went to the last leg, "
                + outcomes.values().stream()
                        .flatMap(outcome -> outcome.unreached().stream())
                        .distinct()
                        .count()
                + " sessions were named; " + relay.posts().size() + " calls; " + crowd.returns() + " came back";
    }
}
