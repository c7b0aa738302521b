package org.needle.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.hub.Content;

/** What is text in an event and what is binary. */
class BodiesOfExchanges {
    private static final byte[] LATIN = {(byte) 0xe9};
    private static DefaultCamelContext context;

    @BeforeAll
    static void start() {
        context = new DefaultCamelContext();
        context.start();
    }

    @AfterAll
    static void stop() {
        context.stop();
    }

    private static Exchange exchange(@Nullable Object body, @Nullable String type) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        if (type != null) {
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
        }
        return exchange;
    }

    private static Content of(@Nullable Object body, @Nullable String type) throws Exception {
        return Bodies.content(exchange(body, type), null);
    }

    private static String text(@Nullable Object body, @Nullable String type) throws Exception {
        Content content = of(body, type);
        assertThat(content.text()).isTrue();
        return content.string();
    }

    private static byte[] binary(Object body, @Nullable String type) throws Exception {
        Content content = of(body, type);
        assertThat(content.text()).isFalse();
        return content.data();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void areTextIfTheyAreCharacters() throws Exception {
        assertThat(text("hé\r\n\0", null)).isEqualTo("hé\r\n\0");
        assertThat(text("{}", "application/octet-stream")).isEqualTo("{}");
        assertThat(text(new StringReader("read"), null)).isEqualTo("read");
        assertThat(text(42, null)).isEqualTo("42");
        assertThat(text(null, null)).isEmpty();
    }

    @Test
    void areTextIfNobodySaysWhatTheyAreAndTheyAreValid() throws Exception {
        assertThat(text(utf8("hé"), null)).isEqualTo("hé");
        assertThat(text(ByteBuffer.wrap(utf8("hé")), null)).isEqualTo("hé");
        assertThat(text(new ByteArrayInputStream(utf8("hé")), null)).isEqualTo("hé");
        assertThat(binary(LATIN, null)).isEqualTo(LATIN);
    }

    @Test
    void areTextIfTheirTypeSaysSo() throws Exception {
        for (String type : new String[] {
            "text/plain",
            "text/csv",
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/xml",
            "application/problem+json",
            "application/atom+xml",
            "application/x-www-form-urlencoded",
            "application/x-ndjson",
            "application/csv"
        }) {
            assertThat(text(utf8("a=1"), type)).as(type).isEqualTo("a=1");
        }
        assertThat(binary(LATIN, "text/plain")).isEqualTo(LATIN);
    }

    @Test
    void areTextInTheCharsetOfTheirType() throws Exception {
        assertThat(text(LATIN, "text/plain; charset=ISO-8859-1")).isEqualTo("é");
        assertThat(text(LATIN, "text/plain;charset=\"iso-8859-1\"")).isEqualTo("é");
        assertThat(binary(LATIN, "text/plain; charset=klingon")).isEqualTo(LATIN);
        assertThat(binary(LATIN, "text/plain; charset=US-ASCII")).isEqualTo(LATIN);
    }

    @Test
    void areBinaryIfTheirTypeSaysSo() throws Exception {
        assertThat(binary(utf8("abc"), "application/octet-stream")).isEqualTo(utf8("abc"));
        assertThat(binary(utf8("abc"), "image/png")).isEqualTo(utf8("abc"));
    }

    @Test
    void canBeReadByTheNextLeg() throws Exception {
        Exchange cached = exchange(new InputStreamCache(utf8("again")), null);
        assertThat(Bodies.content(cached, null).string()).isEqualTo("again");
        assertThat(Bodies.content(cached, null).string()).isEqualTo("again");
    }

    @Test
    void mayBeFiles(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("f"), LATIN);
        assertThat(binary(file, null)).isEqualTo(LATIN);
        assertThat(binary(file.toFile(), null)).isEqualTo(LATIN);
    }

    @Test
    void haveNamesOfOneLine() {
        assertThatThrownBy(() -> Bodies.content(exchange("x", null), "a\nb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event name");
    }
}
