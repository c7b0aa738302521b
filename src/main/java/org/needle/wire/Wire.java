package org.needle.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Content;
import org.needle.hub.Event;

/**
 * Events and controls to bytes. Pure functions, callable from any thread.
 *
 * <p>SSE is written so that every client that was tried understands it: LF only, an id on every event, {@code data: } with the
 * space, no BOM, and never a comment followed by a blank line, which one popular client takes for an empty message.
 */
public final class Wire {
    /** A line that keeps an SSE stream alive and means nothing. */
    public static final String SSE_HEARTBEAT = ":\n";

    private static final JsonFactory JSON = new JsonFactory();

    private Wire() {}

    /** The event as {@code style} says. */
    public static byte[] event(Event event, Style style) {
        return switch (style.format()) {
            case SSE -> sse(event, plain(event.content()));
            case SSE_JSON -> sse(event, object(event, style.sum()));
            case LINE -> line(object(event, style.sum()));
            case OBJECT -> object(event, style.sum());
        };
    }

    /** The event as a JSON object in UTF-8; the data is exact. The sum is that of the bytes of the data field, base64 included. */
    public static byte[] object(Event event, boolean sum) {
        Content content = event.content();
        return json(event.content().data().length, out -> {
            out.writeStringField("id", event.position().toString());
            out.writeStringField("topic", event.topic().name());
            if (content.name() != null) {
                out.writeStringField("event", content.name());
            }
            byte[] data = plain(content);
            out.writeFieldName("data");
            out.writeUTF8String(data, 0, data.length);
            if (!content.text()) {
                out.writeStringField("encoding", "base64");
            }
            if (sum) {
                out.writeNumberField("sum", crc32(data));
            }
        });
    }

    /**
     * A control as {@code style} says.
     *
     * @param position the subscriber's position, the id of the control on SSE
     */
    public static byte[] control(Control control, String position, Style style) {
        byte[] object = json(64, out -> {
            out.writeStringField("control", control.name());
            fields(control, out);
        });
        return switch (style.format()) {
            case SSE, SSE_JSON -> sseControl(control, position, object);
            case LINE -> line(object);
            case OBJECT -> object;
        };
    }

    private static void fields(Control control, JsonGenerator out) throws IOException {
        if (control instanceof Control.Hello hello) {
            hello(hello, out);
        } else if (control instanceof Control.Hole hole) {
            out.writeArrayFieldStart("topics");
            for (String topic : hole.gap().topics()) {
                out.writeString(topic);
            }
            out.writeEndArray();
            out.writeStringField("from", hole.gap().from());
            out.writeStringField("to", hole.gap().to());
            out.writeStringField("reason", hole.reason());
        } else if (control instanceof Control.Tick tick) {
            out.writeStringField("position", tick.position());
        } else if (control instanceof Control.Bye bye) {
            out.writeStringField("reason", bye.reason());
            out.writeNumberField("retryAfter", bye.retryAfter());
        } else if (control instanceof Control.Switch order) {
            out.writeStringField("transport", order.transport());
            out.writeStringField("reason", order.reason());
        } else {
            answer(control, out);
        }
    }

    private static void answer(Control control, JsonGenerator out) throws IOException {
        if (control instanceof Control.Accepted accepted) {
            optional(out, "key", accepted.key());
            out.writeStringField("id", accepted.id());
        } else if (control instanceof Control.Refused refused) {
            optional(out, "key", refused.key());
            out.writeNumberField("status", refused.status());
            out.writeStringField("title", refused.title());
        } else if (control instanceof Control.Echo echo) {
            out.writeStringField("nonce", echo.nonce());
        }
    }

    private static void hello(Control.Hello hello, JsonGenerator out) throws IOException {
        out.writeStringField("session", hello.credentials().session());
        out.writeStringField("position", hello.position());
        out.writeStringField("nonce", hello.credentials().nonce());
        out.writeStringField("resume", hello.credentials().resume());
        out.writeNumberField("heartbeat", hello.heartbeat());
        out.writeNumberField("retry", hello.retry());
        out.writeBooleanField("recovered", hello.recovered());
        out.writeArrayFieldStart("transports");
        for (String transport : hello.transports()) {
            out.writeString(transport);
        }
        out.writeEndArray();
    }

    private static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static byte[] plain(Content content) {
        return content.text() ? content.data() : Base64.getEncoder().encode(content.data());
    }

    private static byte[] sse(Event event, byte[] data) {
        ByteArrayBuilder out = new ByteArrayBuilder(null, data.length + 64);
        ascii(out, "id: ", event.position().toString(), "\n");
        if (event.content().name() != null) {
            out.write("event: ".getBytes(StandardCharsets.US_ASCII));
            out.write(event.content().name().getBytes(StandardCharsets.UTF_8));
            out.append('\n');
        }
        data(data, out);
        out.append('\n');
        return out.toByteArray();
    }

    /** A {@code bye} also sets the delay after which an EventSource comes back. */
    private static byte[] sseControl(Control control, String position, byte[] object) {
        ByteArrayBuilder out = new ByteArrayBuilder(null, object.length + 96);
        if (control instanceof Control.Bye bye) {
            ascii(out, "retry: ", Long.toString(bye.retryAfter()), "\n");
        }
        ascii(out, "id: ", position, "\nevent: needle-", control.name(), "\n");
        data(object, out);
        out.append('\n');
        return out.toByteArray();
    }

    /** One {@code data} line for each line, whether it ended in CR, LF or both. */
    private static void data(byte[] data, ByteArrayBuilder out) {
        int start = 0;
        for (int i = 0; i < data.length; i++) {
            if (data[i] == '\n' || data[i] == '\r') {
                dataLine(data, start, i, out);
                i += data[i] == '\r' && i + 1 < data.length && data[i + 1] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        dataLine(data, start, data.length, out);
    }

    private static void dataLine(byte[] data, int start, int end, ByteArrayBuilder out) {
        ascii(out, "data: ");
        out.write(data, start, end - start);
        out.append('\n');
    }

    private static void ascii(ByteArrayBuilder out, String... parts) {
        for (String part : parts) {
            for (int i = 0; i < part.length(); i++) {
                out.append(part.charAt(i));
            }
        }
    }

    private static byte[] line(byte[] object) {
        byte[] line = new byte[object.length + 1];
        System.arraycopy(object, 0, line, 0, object.length);
        line[object.length] = '\n';
        return line;
    }

    private static long crc32(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return crc.getValue();
    }

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private static byte[] json(int size, Fields fields) {
        ByteArrayBuilder bytes = new ByteArrayBuilder(null, size + 96);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing into memory does not fail
        }
        return bytes.toByteArray();
    }
}
