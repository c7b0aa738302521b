package org.needle.camel;

import java.net.URI;
import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;
import org.needle.client.SseAsk;
import org.needle.client.SseParser;

/** How {@code sse:https://...} follows a stream. */
@UriParams
public class SseStreamOptions extends RemoteOptions {
    /** What a line has besides its data: the field's name. */
    private static final int FIELD = 64;

    @UriParam(
            label = "consumer",
            javaType = "java.lang.Object",
            description =
                    "Where the id of the last event that the route is done with is kept, so that a restart goes on behind"
                            + " it: a file, below camel.component.push.state-dir unless it is absolute; or a reference to a"
                            + " StateRepository, as #bean:positions. By default nowhere.")
    private @Nullable Object positionRepository;

    @UriParam(
            label = "consumer",
            description =
                    "The id to begin behind if none is kept; by default from now on, as the server understands it.")
    private @Nullable String lastEventId;

    @UriParam(
            label = "consumer",
            defaultValue = "3s",
            javaType = "java.time.Duration",
            description =
                    "How long to wait between the end of a stream and the next connection, give or take half, until the"
                            + " server says otherwise by retry:. After failures twice as long each time.")
    private String reconnectDelay = "3s";

    @UriParam(
            label = "consumer",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "The longest wait between connections, before chance is added; a Retry-After may be longer.")
    private String maxReconnectDelay = "30s";

    @UriParam(
            label = "consumer",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description =
                    "A stream without a byte for this long, comments count, is given up and opened again. 0: never.")
    private String readTimeout = "60s";

    @UriParam(
            label = "consumer",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "How long the head of the answer may take, connecting included.")
    private String responseTimeout = "30s";

    @UriParam(
            label = "consumer",
            defaultValue = "4m",
            description =
                    "The largest data of one event, as 4m; a stream with a larger one is given up and opened again.")
    private String maxEvent = "4m";

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether an event whose exchange failed is asked for again, by a new connection behind the event"
                            + " before; else the failure is logged and the next event is taken.")
    private boolean breakOnFirstError;

    /** What these options mean for a stream at {@code uri}; the reader is told of everything that is wrong. */
    SseAsk ask(URI uri, OptionReader reader) {
        int most = (int) reader.size("maxEvent", maxEvent, Integer.MAX_VALUE - FIELD);
        Duration read = OptionReader.time(readTimeout);
        boolean never = read != null && read.isZero();
        SseAsk.Patience patience = new SseAsk.Patience(
                reader.time("responseTimeout", responseTimeout),
                never ? Duration.ZERO : reader.time("readTimeout", readTimeout),
                reader.time("reconnectDelay", reconnectDelay),
                reader.time("maxReconnectDelay", maxReconnectDelay));
        SseParser.Limits limits = new SseParser.Limits(most + FIELD, most);
        reader.check();
        return new SseAsk(uri, headerValues(), limits, patience);
    }

    public @Nullable Object getPositionRepository() {
        return positionRepository;
    }

    public void setPositionRepository(@Nullable Object positionRepository) {
        this.positionRepository = positionRepository;
    }

    public @Nullable String getLastEventId() {
        return lastEventId;
    }

    public void setLastEventId(@Nullable String lastEventId) {
        this.lastEventId = lastEventId;
    }

    public String getReconnectDelay() {
        return reconnectDelay;
    }

    public void setReconnectDelay(String reconnectDelay) {
        this.reconnectDelay = reconnectDelay;
    }

    public String getMaxReconnectDelay() {
        return maxReconnectDelay;
    }

    public void setMaxReconnectDelay(String maxReconnectDelay) {
        this.maxReconnectDelay = maxReconnectDelay;
    }

    public String getReadTimeout() {
        return readTimeout;
    }

    public void setReadTimeout(String readTimeout) {
        this.readTimeout = readTimeout;
    }

    public String getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(String responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public String getMaxEvent() {
        return maxEvent;
    }

    public void setMaxEvent(String maxEvent) {
        this.maxEvent = maxEvent;
    }

    public boolean isBreakOnFirstError() {
        return breakOnFirstError;
    }

    public void setBreakOnFirstError(boolean breakOnFirstError) {
        this.breakOnFirstError = breakOnFirstError;
    }
}
