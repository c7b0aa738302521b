package org.needle.camel;

import org.apache.camel.spi.Metadata;

/** What {@code https-proxy:} says beside {@link PushHeaders}. */
public interface HttpsProxyHeaders extends PushHeaders {
    @Metadata(label = "consumer", description = "The method of the client's request.", javaType = "String")
    String METHOD = "CamelHttpsProxyMethod";

    @Metadata(
            label = "consumer",
            description = "What the client asked for behind /proxy/NAME, as it was written.",
            javaType = "String")
    String PATH = "CamelHttpsProxyPath";

    @Metadata(
            label = "consumer",
            description = "The id that the upstream gave the event, if any; clients get an id of the gateway's.",
            javaType = "String")
    String UPSTREAM_ID = "CamelHttpsProxyUpstreamId";
}
