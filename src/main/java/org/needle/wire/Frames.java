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
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Frames() {}

    /** @throws IllegalArgumentException with a message fit for a client if {@code json} is no frame */
    public static ClientFrame parse(byte[] json) {
        List<String> topics = new ArrayList<>();
        return frame(fields(json, topics), topics);
    }

    /** A receipt in a body of its own. @throws IllegalArgumentException as {@link #parse} */
    public static ClientFrame.Receipt receipt(byte[] json) {
        Map<String, String> fields = fields(json, new ArrayList<>());
        return new ClientFrame.Receipt(needed(fields, "session"), needed(fields, "nonce"), fields.get("position"));
    }

    /** A wish for a ticket in a body of its own. @throws IllegalArgumentException as {@link #parse} */
    public static ClientFrame.Ticket ticket(byte[] json) {
        List<String> topics = new ArrayList<>();
        Map<String, String> fields = fields(json, topics);
        return new ClientFrame.Ticket(fields.get("token"), List.copyOf(topics), "true".equals(fields.get("cookie")));
    }

    private static Map<String, String> fields(byte[] json, List<String> topics) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a frame is one JSON object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                field(in, name, fields, topics);
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
    private static void field(JsonParser in, String name, Map<String, String> fields, List<String> topics)
            throws IOException {
        JsonToken value = in.nextToken();
        if (value == JsonToken.VALUE_STRING || (name.equals("cookie") && value == JsonToken.VALUE_TRUE)) {
            fields.put(name, in.getText());
        } else if (value == JsonToken.START_ARRAY && name.equals("topics")) {
            while (in.nextToken() == JsonToken.VALUE_STRING && topics.size() < MAX_TOPICS) {
                topics.add(in.getText());
            }
            if (in.currentToken() != JsonToken.END_ARRAY) {
                throw new IllegalArgumentException("topics is a list of at most " + MAX_TOPICS + " strings");
            }
        } else {
            in.skipChildren();
        }
    }

    private static ClientFrame frame(Map<String, String> fields, List<String> topics) {
        String control = fields.get("control");
        if (control == null) {
            return message(fields);
        }
        return switch (control) {
            case "open" ->
                new ClientFrame.Open(
                        fields.get("token"),
                        fields.get("position"),
                        List.copyOf(topics),
                        fields.get("session"),
                        fields.get("resume"));
            case "receipt" ->
                new ClientFrame.Receipt(fields.get("session"), needed(fields, "nonce"), fields.get("position"));
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
