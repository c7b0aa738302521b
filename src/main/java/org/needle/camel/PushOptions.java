package org.needle.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of {@code push}: the public port, and what differs by topic. */
@UriParams
public class PushOptions extends TokenOptions {
    @UriParam(
            defaultValue = "127.0.0.1",
            description =
                    "The address that the public port binds. Any but a loopback address needs token-key, token-jwks or anonymous=true.")
    private String host = "127.0.0.1";

    @UriParam(
            defaultValue = "8080",
            description = "The public port. 0: none. -1: any free one, which the log then names.")
    private String port = "8080";

    @UriParam(
            label = "security",
            defaultValue = "false",
            enums = "true,false",
            description =
                    "Whether everybody who reaches the public port may subscribe and send, from other machines too.")
    private String anonymous = "false";

    @UriParam(
            label = "advanced",
            defaultValue = "auto",
            enums = "auto,io_uring,epoll,nio",
            description =
                    "How the kernel is asked for input and output. auto: the first of the others that this machine has.")
    private String io = "auto";

    @UriParam(
            label = "advanced",
            defaultValue = "0",
            description = "The threads that serve all connections. 0: half as many as there are processors.")
    private String eventLoops = "0";

    @UriParam(
            description =
                    "Settings of single topics and patterns: history-count, history-bytes, history-age and slow, each"
                            + " written behind the topic or pattern in square brackets and a dot. The most specific pattern decides;"
                            + " what it leaves out is as for all topics.")
    private Map<String, TopicOptions> topics = new LinkedHashMap<>();

    public String getHost() {
        return host;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public String getPort() {
        return port;
    }

    public void setPort(String port) {
        this.port = port;
    }

    public String getAnonymous() {
        return anonymous;
    }

    public void setAnonymous(String anonymous) {
        this.anonymous = anonymous;
    }

    public String getIo() {
        return io;
    }

    public void setIo(String io) {
        this.io = io;
    }

    public String getEventLoops() {
        return eventLoops;
    }

    public void setEventLoops(String eventLoops) {
        this.eventLoops = eventLoops;
    }

    public Map<String, TopicOptions> getTopics() {
        return topics;
    }

    public void setTopics(Map<String, TopicOptions> topics) {
        this.topics = topics;
    }
}
