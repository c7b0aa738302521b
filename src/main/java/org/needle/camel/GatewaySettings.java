package org.needle.camel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.needle.access.Access;
import org.needle.edge.EdgeSettings;
import org.needle.edge.Io;
import org.needle.hub.HubSettings;
import org.needle.hub.Slow;
import org.needle.hub.TopicFilter;
import org.needle.hub.TopicSettings;

/**
 * What the options of {@code push} mean.
 *
 * @param messageThreads most threads that run routes for messages of clients
 * @param messageQueue most messages that wait for such a thread
 * @param maxConfirming most exchanges that wait for confirmation
 * @param legDown per cent of the sessions on a leg that fail, from which on waiting for them is of no use
 */
record GatewaySettings(
        EdgeSettings edge, HubSettings hub, int messageThreads, int messageQueue, int maxConfirming, int legDown) {
    private static final int MANY = Integer.MAX_VALUE;
    private static final long HUGE = 1L << 40;

    /** @param reader is told of everything that is wrong; if it was told something the result means nothing */
    static GatewaySettings of(PushOptions options, CamelContext context, OptionReader reader) {
        if (!options.getLog().trim().equals("memory")) {
            reader.wrong("log", options.getLog(), "must be memory, the only log that this version has");
        }
        return new GatewaySettings(
                edge(options, TlsSettings.of(options, context, reader), reader),
                hub(options, reader),
                reader.number("messageThreads", options.getMessageThreads(), 1, 10_000),
                reader.number("messageQueue", options.getMessageQueue(), 1, MANY),
                reader.number("maxConfirming", options.getMaxConfirming(), 1, MANY),
                reader.number("legDown", options.getLegDown(), 1, 100));
    }

    private static EdgeSettings edge(PushOptions options, EdgeSettings.@Nullable Tls tls, OptionReader reader) {
        int port = reader.number("port", options.getPort(), -1, 65_535);
        boolean anonymous = reader.flag("anonymous", options.getAnonymous());
        Access access = AccessSettings.of(options, reader);
        boolean tokens = access.tokens() != null;
        if (anonymous && tokens) {
            reader.wrong("anonymous", "true", "contradicts token-key and token-jwks: with them nobody is anonymous");
        }
        String host = options.getHost().trim();
        try {
            boolean closed = InetAddress.getByName(host).isLoopbackAddress();
            if (!closed && !anonymous && !tokens && (port != 0 || tls != null)) {
                reader.wrong(
                        "host",
                        host,
                        "everybody who reaches this address could subscribe and send: bind 127.0.0.1,"
                                + " ask for tokens by camel.component.push.token-key or token-jwks,"
                                + " or write camel.component.push.anonymous=true if that is meant");
            }
        } catch (UnknownHostException e) {
            reader.wrong("host", host, "is no address of this machine");
        }
        return new EdgeSettings(
                host,
                port,
                tls,
                loops(options, reader),
                limits(options, reader),
                timing(options, reader),
                CallerSettings.of(options, access, reader));
    }

    private static EdgeSettings.Loops loops(PushOptions options, OptionReader reader) {
        int count = reader.number("eventLoops", options.getEventLoops(), 0, 1024);
        return new EdgeSettings.Loops(
                reader.name("io", options.getIo(), Io.class), count == 0 ? EdgeSettings.Loops.DEFAULT.count() : count);
    }

    private static EdgeSettings.Limits limits(LimitOptions options, OptionReader reader) {
        return new EdgeSettings.Limits(
                reader.number("maxConnections", options.getMaxConnections(), 1, MANY),
                reader.number("maxSubscribers", options.getMaxSubscribers(), 1, MANY),
                reader.number("maxSessions", options.getMaxSessions(), 1, MANY),
                reader.number("maxTopicsPerSubscriber", options.getMaxTopicsPerSubscriber(), 1, MANY),
                (int) reader.size("maxUrl", options.getMaxUrl(), MANY),
                (int) reader.size("maxHeaders", options.getMaxHeaders(), MANY),
                (int) reader.size("maxBody", options.getMaxBody(), MANY),
                (int) reader.size("maxFrame", options.getMaxFrame(), MANY),
                reader.number("maxStreams", options.getMaxStreams(), 1, MANY));
    }

    private static EdgeSettings.Timing timing(TimingOptions options, OptionReader reader) {
        return new EdgeSettings.Timing(
                reader.time("heartbeat", options.getHeartbeat()),
                reader.time("headTimeout", options.getHeadTimeout()),
                reader.time("bodyTimeout", options.getBodyTimeout()),
                reader.time("idleTimeout", options.getIdleTimeout()),
                reader.time("maxWait", options.getMaxWait()),
                reader.time("resumeWindow", options.getResumeWindow()),
                reader.time("stalledTimeout", options.getStalledTimeout()),
                reader.time("drainTimeout", options.getDrainTimeout()),
                reader.time("plainHold", options.getPlainHold()),
                reader.time("streamLife", options.getStreamLife()));
    }

    private static HubSettings hub(PushOptions options, OptionReader reader) {
        TopicSettings defaults = new TopicSettings(
                reader.number("historyCount", options.getHistoryCount(), 1, MANY),
                reader.size("historyBytes", options.getHistoryBytes(), HUGE),
                reader.time("historyAge", options.getHistoryAge()),
                reader.name("slow", options.getSlow(), Slow.class));
        return new HubSettings(
                new TopicSettings.Rules(rules(options.getTopics(), defaults, reader), defaults),
                reader.number("maxTopics", options.getMaxTopics(), 1, MANY),
                (int) reader.size("maxEvent", options.getMaxEvent(), MANY),
                reader.size("historyTotal", options.getHistoryTotal(), HUGE),
                reader.time("idempotencyWindow", options.getIdempotencyWindow()));
    }

    /** The most specific rule first, because the first that matches decides. */
    private static List<TopicSettings.Rule> rules(
            Map<String, TopicOptions> topics, TopicSettings defaults, OptionReader reader) {
        List<TopicSettings.Rule> rules = new ArrayList<>();
        topics.forEach((pattern, options) -> {
            try {
                rules.add(new TopicSettings.Rule(TopicFilter.of(pattern), rule(pattern, options, defaults, reader)));
            } catch (IllegalArgumentException e) {
                reader.wrong("topics[" + pattern + "]", "", String.valueOf(e.getMessage()));
            }
        });
        rules.sort(Comparator.comparing(rule -> wildness(rule.filter())));
        return rules;
    }

    /** Compares level by level: a name, then {@code *}, then {@code **}. */
    private static String wildness(TopicFilter filter) {
        StringBuilder kinds = new StringBuilder();
        for (String level : filter.levels()) {
            kinds.append(level.equals("**") ? 'c' : level.equals("*") ? 'b' : 'a');
        }
        return kinds.toString();
    }

    private static TopicSettings rule(
            String pattern, TopicOptions options, TopicSettings defaults, OptionReader reader) {
        String count = options.getHistoryCount();
        String bytes = options.getHistoryBytes();
        String age = options.getHistoryAge();
        String slow = options.getSlow();
        String name = "topics[" + pattern + "].";
        return new TopicSettings(
                count == null ? defaults.count() : reader.number(name + "history-count", count, 1, MANY),
                bytes == null ? defaults.bytes() : reader.size(name + "history-bytes", bytes, HUGE),
                age == null ? defaults.age() : reader.time(name + "history-age", age),
                slow == null ? defaults.slow() : reader.name(name + "slow", slow, Slow.class));
    }
}
