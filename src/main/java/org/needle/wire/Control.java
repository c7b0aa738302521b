package org.needle.wire;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Gap;

/** What the gateway tells a client beside events. */
public sealed interface Control {
    /** The name on the wire, without the {@code needle-} that SSE puts before it. */
    String name();

    /**
     * First thing on every connection.
     *
     * @param heartbeat longest silence, in ms
     * @param retry how soon to come back after an unexpected end, in ms
     * @param transports the names of those allowed here
     */
    record Hello(
            Credentials credentials,
            String position,
            long heartbeat,
            long retry,
            boolean recovered,
            List<String> transports)
            implements Control {
        /** @param resume the session's secret, to be sent back with its id */
        public record Credentials(String session, String nonce, String resume) {}

        @Override
        public String name() {
            return "hello";
        }
    }

    /** Events are gone. */
    record Hole(Gap gap) implements Control {
        @Override
        public String name() {
            return "gap";
        }

        String reason() {
            return gap.reason().name().toLowerCase(Locale.ROOT);
        }
    }

    /** Sign of life and proof. */
    record Tick(String position) implements Control {
        @Override
        public String name() {
            return "tick";
        }
    }

    /**
     * The client should change to another transport.
     *
     * @param reason a verdict on the one that it is on
     */
    record Switch(String transport, String reason) implements Control {
        @Override
        public String name() {
            return "switch";
        }
    }

    /** The server ends the connection; {@code retryAfter} in ms. */
    record Bye(String reason, long retryAfter) implements Control {
        @Override
        public String name() {
            return "bye";
        }
    }

    /** A client's message has been dealt with. */
    record Accepted(@Nullable String key, String id) implements Control {
        @Override
        public String name() {
            return "accepted";
        }
    }

    /** A client's message was not taken; {@code status} as in HTTP. */
    record Refused(@Nullable String key, int status, String title) implements Control {
        @Override
        public String name() {
            return "refused";
        }
    }

    /** The answer to a client's echo. */
    record Echo(String nonce) implements Control {
        @Override
        public String name() {
            return "echo";
        }
    }
}
