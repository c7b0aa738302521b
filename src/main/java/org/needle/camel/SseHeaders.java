package org.needle.camel;

import org.apache.camel.spi.Metadata;

/** The headers of {@code sse}: as producer those of {@code push}, as consumer of a remote stream also its own. */
public interface SseHeaders extends PushHeaders {
    @Metadata(
            label = "consumer",
            description =
                    "The last event id that the remote stream has given, by this event or an earlier one; absent if"
                            + " it has given none.",
            javaType = "String")
    String STREAM_ID = "CamelSseEventId";

    @Metadata(
            label = "consumer",
            description = "The name that the remote stream gave the event; absent if it gave none.",
            javaType = "String")
    String STREAM_NAME = "CamelSseEventName";
}
