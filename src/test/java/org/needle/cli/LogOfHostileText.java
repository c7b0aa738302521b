package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** What comes from outside may not look like a line of ours, nor drive the terminal of whoever reads the log. */
class LogOfHostileText {
    private static final String FORGED = "a\r\n12:00:00.000 INFO  Forged: \u001b[2Jline\u0085\u2028\0";

    private static List<String> logged(String message, Throwable thrown) throws Exception {
        URI file = Objects.requireNonNull(LogOfHostileText.class.getResource("/log4j2.xml"))
                .toURI();
        Configuration configuration =
                ConfigurationFactory.getInstance().getConfiguration(new LoggerContext("test"), "test", file);
        configuration.initialize();
        return configuration
                .getAppender("console")
                .getLayout()
                .toSerializable(Log4jLogEvent.newBuilder()
                        .setLoggerName("x")
                        .setLevel(Level.WARN)
                        .setMessage(new SimpleMessage(message))
                        .setThrown(thrown)
                        .build())
                .toString()
                .lines()
                .toList();
    }

    @Test
    void inAMessageStaysOnItsLine() throws Exception {
        assertThat(logged(FORGED, null))
                .hasSize(1)
                .allMatch(line -> line.endsWith("a??12:00:00.000 INFO  Forged: ?[2Jline???"));
    }

    @Test
    void inAnExceptionCannotBeginALine() throws Exception {
        Exception thrown = new IllegalStateException(FORGED, new IllegalArgumentException(FORGED));
        List<String> lines = logged("failed", thrown);
        assertThat(lines).hasSizeGreaterThan(4).noneMatch(line -> line.startsWith("12:00"));
        assertThat(lines).anyMatch(line -> line.startsWith("Caused by: ")).anyMatch(line -> line.startsWith("\tat "));
        assertThat(String.join("", lines)).doesNotContain("\u001b", "\u0085", "\u2028", "\0", "\r");
    }
}
