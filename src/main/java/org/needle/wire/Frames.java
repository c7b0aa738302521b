package org.needle.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.needle.hub.Content;

/** Bytes from a client to frames. Pure functions; the caller has bounded the input's size. */
public final class Frames {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_TOPICS = 1_000;
    private static final int MAX_VERDICTS = 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Frames() {}

    /** @throws IllegalArgumentException with a message fit for a client if {@code json} is no frame */
    public static ClientFrame parse(byte[] json) {
        return frame(fields(json));
    }

    /** A receipt in a body of its own. @throws IllegalArgumentException as {@link #parse} */
    public static ClientFrame.Receipt receipt(byte[] json) {
        Fields fields = fields(json);
        needed(fields.texts(), "session");
        return receipt(fields);
    }

    private static ClientFrame.Receipt receipt(Fields fields) {
        Map<String, String> texts = fields.texts();
        return new ClientFrame.Receipt(
                texts.get("session"), needed(texts, "nonce"), texts.get("position"), Map.copyOf(fields.verdicts()));
    }

    /** A wish for a ticket in a body of its own. @throws IllegalArgumentException as {@link #parse} */
    public static ClientFrame.Ticket ticket(byte[] json) {
        Fields fields = fields(json);
        Map<String, String> texts = fields.texts();
        return new ClientFrame.Ticket(
                texts.get("token"), List.copyOf(fields.topics()), "true".equals(texts.get("cookie")));
    }

    /** What an object says, by the kind of value. */
    private record Fields(Map<String, String> texts, List<String> topics, Map<String, String> verdicts) {}

    private static Fields fields(byte[] json) {
        Fields fields = new Fields(new HashMap<>(), new ArrayList<>(), new HashMap<>());
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a frame is one JSON object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                field(in, name, fields);
            }
            if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
                throw new IllegalArgumentException("a frame is one JSON object and nothing after it");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not valid JSON", e);
        }
        return fields;
    }

    /** Fields that nobody knows are passed over, so that newer clients can talk to older gateways. */
    private static void field(JsonParser in, String name, Fields fields) throws IOException {
        JsonToken value = in.nextToken();
        if (value == JsonToken.VALUE_STRING || (name.equals("cookie") && value == JsonToken.VALUE_TRUE)) {
            fields.texts().put(name, in.getText());
        } else if (value == JsonToken.START_ARRAY && name.equals("topics")) {
            topics(in, fields.topics());
        } else if (value == JsonToken.START_OBJECT && name.equals("verdicts")) {
            verdicts(in, fields.verdicts());
        } else {
            in.skipChildren();
        }
    }

    private static void topics(JsonParser in, List<String> topics) throws IOException {
        while (in.nextToken() == JsonToken.VALUE_STRING && topics.size() < MAX_TOPICS) {
            topics.add(in.getText());
        }
        if (in.currentToken() != JsonToken.END_ARRAY) {
            throw new IllegalArgumentException("topics is a list of at most " + MAX_TOPICS + " strings");
        }
    }

    private static void verdicts(JsonParser in, Map<String, String> verdicts) throws IOException {
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            if (in.nextToken() == JsonToken.VALUE_STRING && verdicts.size() < MAX_VERDICTS) {
                verdicts.put(name, in.getText());
            } else {
                in.skipChildren();
            }
        }
    }

    private static ClientFrame frame(Fields all) {
        Map<String, String> fields = all.texts();
        String control = fields.get("control");
        if (control == null) {
            return message(fields);
        }
        return switch (control) {
            case "open" ->
                new ClientFrame.Open(
                        fields.get("token"),
                        fields.get("position"),
                        List.copyOf(all.topics()),
                        fields.get("session"),
                        fields.get("resume"));
            case "receipt" -> receipt(all);
            case "echo" -> new ClientFrame.Echo(needed(fields, "nonce"));
            default -> throw new IllegalArgumentException("control is open, receipt or echo");
        };
    }

    private static ClientFrame.Message message(Map<String, String> fields) {
        String data = needed(fields, "data");
        Content content = "base64".equals(fields.get("encoding"))
                ? new Content(fields.get("event"), Base64.getDecoder().decode(data), false)
                : Content.text(fields.get("event"), data);
        return new ClientFrame.Message(needed(fields, "topic"), content, fields.get("key"));
    }

    private static String needed(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the field " + name + " is missing or not a string");
        }
        return value;
    }
}
