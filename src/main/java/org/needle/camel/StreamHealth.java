package org.needle.camel;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;
import org.needle.client.SseSource;

/** Whether a remote stream comes: down from its first failure to its next event, and as long as its position cannot be kept. */
final class StreamHealth extends AbstractHealthCheck {
    private final Supplier<@Nullable SseSource> source;

    StreamHealth(String route, Supplier<@Nullable SseSource> source) {
        super("needle", "sse:" + route);
        this.source = source;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        SseSource following = source.get();
        if (following == null) {
            builder.up();
            return;
        }
        SseSource.Status status = following.status();
        builder.detail("stream.phase", status.phase().name().toLowerCase(java.util.Locale.ROOT));
        builder.detail("stream.failures", status.failures());
        if (status.trouble() == null) {
            builder.up();
        } else {
            builder.message(status.trouble()).down();
        }
    }
}
