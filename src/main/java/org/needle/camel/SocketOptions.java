package org.needle.camel;

import java.net.URI;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;
import org.needle.client.Backoff;
import org.needle.client.SocketAsk;

/** How {@code websocket-jsr356:ws(s)://...} talks to a server. */
@UriParams
public class SocketOptions extends RemoteOptions {
    private static final int MANY = 1_000;

    @UriParam(defaultValue = "1", description = "Remote servers: how many connections are kept open.")
    private int sessionCount = 1;

    @UriParam(
            description =
                    "Remote servers: the subprotocols that are offered, the preferred one first, with commas between them.")
    private @Nullable String subprotocols;

    @UriParam(
            defaultValue = "15s",
            javaType = "java.time.Duration",
            description =
                    "Remote servers: how often a ping goes out; after two without any sign of life the connection is"
                            + " given up and opened again.")
    private String heartbeat = "15s";

    @UriParam(
            defaultValue = "1s",
            javaType = "java.time.Duration",
            description =
                    "Remote servers: how long to wait before a connection is opened again, give or take half; after"
                            + " failures twice as long each time.")
    private String reconnectDelay = "1s";

    @UriParam(
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "Remote servers: the longest wait between connections, before chance is added.")
    private String maxReconnectDelay = "30s";

    @UriParam(
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description =
                    "Remote servers: how long opening a connection may take, and how long a producer waits for one.")
    private String responseTimeout = "10s";

    @UriParam(
            label = "consumer",
            defaultValue = "1m",
            description =
                    "Remote servers: the longest text, in characters, as 1m; a longer one ends the connection with 1008."
                            + " Binary messages are streams, and may be of any length.")
    private String maxMessage = "1m";

    /** Checked values. */
    record Plan(SocketAsk ask, Backoff backoff, int sessions, int maxMessage) {}

    /** What these options mean for a server at {@code uri}. */
    Plan plan(URI uri, OptionReader reader) {
        int sessions = reader.number("sessionCount", Integer.toString(sessionCount), 1, MANY);
        int most = (int) reader.size("maxMessage", maxMessage, Integer.MAX_VALUE);
        Backoff backoff = new Backoff(
                reader.time("reconnectDelay", reconnectDelay), reader.time("maxReconnectDelay", maxReconnectDelay));
        SocketAsk ask = new SocketAsk(
                uri,
                headerValues(),
                OptionReader.list(subprotocols == null ? "" : subprotocols),
                reader.time("responseTimeout", responseTimeout),
                reader.time("heartbeat", heartbeat));
        reader.check();
        return new Plan(ask, backoff, sessions, most);
    }

    public int getSessionCount() {
        return sessionCount;
    }

    public void setSessionCount(int sessionCount) {
        this.sessionCount = sessionCount;
    }

    public @Nullable String getSubprotocols() {
        return subprotocols;
    }

    public void setSubprotocols(@Nullable String subprotocols) {
        this.subprotocols = subprotocols;
    }

    public String getHeartbeat() {
        return heartbeat;
    }

    public void setHeartbeat(String heartbeat) {
        this.heartbeat = heartbeat;
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

    public String getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(String responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public String getMaxMessage() {
        return maxMessage;
    }

    public void setMaxMessage(String maxMessage) {
        this.maxMessage = maxMessage;
    }
}
