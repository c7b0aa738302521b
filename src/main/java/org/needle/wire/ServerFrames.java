package org.needle.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway has sent, to frames. Pure functions; the caller has bounded the input's size. Networks change bytes: what is not
 * exactly right is an {@link IllegalArgumentException}.
 */
public final class ServerFrames {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NAMES = 1_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~:-]{1,128}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private ServerFrames() {}

    /** One object. @throws IllegalArgumentException if it is damaged */
    public static ServerFrame parse(String json) {
        try (JsonParser in = JSON.createParser(json)) {
            begin(in, JsonToken.START_OBJECT);
            ServerFrame frame = Fields.of(in).frame();
            end(in);
            return frame;
        } catch (IOException e) {
            throw new IllegalArgumentException("not valid JSON", e);
        }
    }

    /** The answer to a poll. @throws IllegalArgumentException if it is damaged */
    public static List<ServerFrame> poll(byte[] json) {
        List<ServerFrame> frames = new ArrayList<>();
        try (JsonParser in = JSON.createParser(json)) {
            begin(in, JsonToken.START_ARRAY);
            while (in.nextToken() == JsonToken.START_OBJECT) {
                frames.add(Fields.of(in).frame());
            }
            if (in.currentToken() != JsonToken.END_ARRAY) {
                throw new IllegalArgumentException("a poll is answered with objects");
            }
            end(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("not valid JSON", e);
        }
        return frames;
    }

    /** The answer of {@code /info}. @throws IllegalArgumentException if it is none */
    public static ServerFrame.Info info(byte[] json) {
        try (JsonParser in = JSON.createParser(json)) {
            begin(in, JsonToken.START_OBJECT);
            Fields fields = Fields.of(in);
            end(in);
            String protocol = fields.texts.getOrDefault("protocol", "");
            return new ServerFrame.Info(fields.needed("nonce"), fields.children, protocol);
        } catch (IOException e) {
            throw new IllegalArgumentException("not valid JSON", e);
        }
    }

    /** The title of a problem (RFC 9457) that is one of ours; null if it is none. */
    public static @Nullable String problem(byte[] json) {
        try (JsonParser in = JSON.createParser(json)) {
            begin(in, JsonToken.START_OBJECT);
            Fields fields = Fields.of(in);
            return fields.numbers.containsKey("status") ? fields.texts.get("title") : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static void begin(JsonParser in, JsonToken token) throws IOException {
        if (in.nextToken() != token) {
            throw new IllegalArgumentException("begins otherwise than it should");
        }
    }

    private static void end(JsonParser in) throws IOException {
        if (in.nextToken() != null) {
            throw new IllegalArgumentException("goes on behind its end");
        }
    }

    /** The fields of one object; what nobody knows is passed over, so that older clients can listen to newer gateways. */
    private record Fields(
            Map<String, String> texts, Map<String, Long> numbers, List<String> names, Map<String, String> children) {

        static Fields of(JsonParser in) throws IOException {
            Fields fields = new Fields(new HashMap<>(), new HashMap<>(), new ArrayList<>(), new HashMap<>());
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                fields.take(name, in);
            }
            if (in.currentToken() != JsonToken.END_OBJECT) {
                throw new IllegalArgumentException("an object without end");
            }
            return fields;
        }

        private void take(String name, JsonParser in) throws IOException {
            JsonToken value = in.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                texts.put(name, in.getText());
            } else if (value == JsonToken.VALUE_NUMBER_INT) {
                numbers.put(name, in.getLongValue());
            } else if (value == JsonToken.START_ARRAY && name.equals("topics")) {
                strings(in);
            } else if (value == JsonToken.START_OBJECT && name.equals("headers")) {
                strings(in, children);
            } else {
                in.skipChildren();
            }
        }

        private void strings(JsonParser in) throws IOException {
            while (in.nextToken() == JsonToken.VALUE_STRING && names.size() < MAX_NAMES) {
                names.add(in.getText());
            }
            if (in.currentToken() != JsonToken.END_ARRAY) {
                throw new IllegalArgumentException("topics is a list of strings");
            }
        }

        private static void strings(JsonParser in, Map<String, String> into) throws IOException {
            for (String name = in.nextFieldName(); name != null && into.size() < MAX_NAMES; name = in.nextFieldName()) {
                in.nextToken();
                into.put(name, in.getText());
            }
        }

        ServerFrame frame() {
            String control = texts.get("control");
            return control == null ? event() : control(control);
        }

        private ServerFrame event() {
            String data = needed("data");
            Long sum = numbers.get("sum");
            boolean intact = sum == null || sum == crc32(data);
            return new ServerFrame.Event(
                    id("id"),
                    needed("topic"),
                    texts.get("event"),
                    data,
                    "base64".equals(texts.get("encoding")),
                    intact);
        }

        private ServerFrame control(String control) {
            return switch (control) {
                case "hello" ->
                    new ServerFrame.Hello(
                            needed("session"), needed("nonce"), needed("resume"), id("position"), number("heartbeat"));
                case "gap" -> new ServerFrame.Hole(names, needed("from"), id("to"), needed("reason"));
                case "tick" -> new ServerFrame.Tick(id("position"));
                case "bye" -> new ServerFrame.Bye(needed("reason"), number("retryAfter"));
                case "switch" -> new ServerFrame.Switch(needed("transport"), needed("reason"));
                case "echo" -> new ServerFrame.Echo(needed("nonce"));
                default -> new ServerFrame.Other(control);
            };
        }

        private String id(String name) {
            String id = needed(name);
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException("the field " + name + " is no position");
            }
            return id;
        }

        String needed(String name) {
            String value = texts.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the field " + name + " is missing or not a string");
            }
            return value;
        }

        private long number(String name) {
            Long value = numbers.get(name);
            if (value == null || value < 0) {
                throw new IllegalArgumentException("the field " + name + " is missing or no number");
            }
            return value;
        }
    }

    private static long crc32(String data) {
        CRC32 crc = new CRC32();
        crc.update(data.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
