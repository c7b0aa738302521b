package org.needle.camel;

import java.time.Duration;
import org.apache.camel.Component;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;
import org.needle.edge.Terms;
import org.needle.edge.Transport;
import org.needle.hub.Draft;
import org.needle.hub.Topic;

/** What the endpoints have in common through which an event may be published: the legs. */
public abstract class LegEndpoint extends DefaultEndpoint {
    @UriParam(label = "producer", description = "The event's name; the header CamelPushEventName wins.")
    private @Nullable String eventName;

    @UriParam(
            label = "producer",
            description =
                    "Conflation key: where slow=conflate, a slow subscriber may be sent only the newest event of each key."
                            + " The header CamelPushKey wins.")
    private @Nullable String key;

    @UriParam(
            label = "producer",
            javaType = "java.time.Duration",
            description = "How long the event may be replayed, as 30s; by default as long as the topic keeps events.")
    private @Nullable String ttl;

    @UriParam(
            label = "producer",
            defaultValue = "none",
            enums = "none,any,all",
            description =
                    "When the exchange goes on. none: the log has the event. any: one session on this leg's transport has"
                            + " confirmed it, also one that came later and got it from the history. all: every session of its audience has, on any transport.")
    private String confirm = "none";

    @UriParam(
            label = "producer",
            defaultValue = "5s",
            javaType = "java.time.Duration",
            description = "How long to wait for confirmation; then the exchange fails with an UnreachedException.")
    private String confirmTimeout = "5s";

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether the exchange fails at once, with an UnreachedException, if nobody is subscribed on this leg's transport.")
    private boolean requireSubscribers;

    protected LegEndpoint(String uri, Component component) {
        super(uri, component);
    }

    /**
     * @param transport whose subscribers the leg vouches for; null: all
     * @throws IllegalArgumentException naming the endpoint, if {@code name} is no topic or an option is wrong
     */
    Producer leg(String name, @Nullable Transport transport) {
        Topic topic = topic(name);
        if (key != null && (key.isEmpty() || key.length() > Draft.MAX_KEY)) {
            throw new IllegalArgumentException(
                    getEndpointUri() + ": the option key has 1 to " + Draft.MAX_KEY + " characters");
        }
        return new LegProducer(this, new LegProducer.Defaults(topic, eventName, key, lifetime()), terms(transport));
    }

    private LegTerms terms(@Nullable Transport transport) {
        OptionReader reader = new OptionReader(getEndpointUri() + ": ");
        Terms terms = new Terms(reader.name("confirm", confirm, Terms.Scope.class), transport, requireSubscribers);
        LegTerms all = new LegTerms(terms, reader.time("confirmTimeout", confirmTimeout));
        reader.check();
        return all;
    }

    private Topic topic(String name) {
        try {
            return Topic.of(name);
        } catch (IllegalArgumentException e) {
            String hint = name.contains("*") ? "; a pattern can only be consumed" : "";
            throw new IllegalArgumentException(getEndpointUri() + ": " + e.getMessage() + hint, e);
        }
    }

    private @Nullable Duration lifetime() {
        if (ttl == null) {
            return null;
        }
        Duration time = OptionReader.time(ttl);
        if (time == null || time.isZero()) {
            throw new IllegalArgumentException(
                    getEndpointUri() + ": ttl=" + ttl + " must be a time, as 500ms, 30s or 10m");
        }
        return time;
    }

    public @Nullable String getEventName() {
        return eventName;
    }

    public void setEventName(@Nullable String eventName) {
        this.eventName = eventName;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    public @Nullable String getTtl() {
        return ttl;
    }

    public void setTtl(@Nullable String ttl) {
        this.ttl = ttl;
    }

    public String getConfirm() {
        return confirm;
    }

    public void setConfirm(String confirm) {
        this.confirm = confirm;
    }

    public String getConfirmTimeout() {
        return confirmTimeout;
    }

    public void setConfirmTimeout(String confirmTimeout) {
        this.confirmTimeout = confirmTimeout;
    }

    public boolean isRequireSubscribers() {
        return requireSubscribers;
    }

    public void setRequireSubscribers(boolean requireSubscribers) {
        this.requireSubscribers = requireSubscribers;
    }
}
