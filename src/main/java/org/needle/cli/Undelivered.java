package org.needle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * An event that could not be delivered, as one JSON object that a person can read and the inbox takes back: the object of the
 * wire, the rest of what the event's headers said, and the failure. With an {@code id} the event is in the log already and only
 * the relay did not take it.
 */
public final class Undelivered {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Asked for by the route {@code fanout}. */
    private static final String RELAY_ONLY = "relayOnly";

    private static final String[][] FIELDS = {
        {"id", "CamelPushEventId"},
        {"topic", "CamelPushTopic"},
        {"event", "CamelPushEventName"},
        {"key", "CamelPushKey"},
        {"idempotencyKey", "CamelPushIdempotencyKey"},
        {"session", "CamelPushSession"}
    };

    private Undelivered() {}

    /** Exchange to file: the body becomes the JSON object. */
    public static void pack(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        ObjectNode file = JSON.createObjectNode();
        for (String[] field : FIELDS) {
            String value = message.getHeader(field[1], String.class);
            if (value != null) {
                file.put(field[0], value);
            }
        }
        data(message, file);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        file.put("failure", failure == null ? "unknown" : String.valueOf(failure.getMessage()));
        file.put("route", exchange.getProperty(Exchange.FAILURE_ROUTE_ID, exchange.getFromRouteId(), String.class));
        file.put(
                "time",
                Instant.ofEpochMilli(exchange.getClock().getCreated())
                        .truncatedTo(ChronoUnit.MILLIS)
                        .toString());
        message.setBody(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file));
    }

    /** File to exchange. @throws IllegalArgumentException with a message fit for a user if the file is not what {@link #pack} writes */
    public static void unpack(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        JsonNode file;
        try {
            file = JSON.readTree(message.getBody(byte[].class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
        }
        String topic = text(file, "topic");
        String data = text(file, "data");
        if (topic == null || data == null) {
            throw new IllegalArgumentException("an undelivered event has the fields topic and data");
        }
        for (String[] field : FIELDS) {
            String value = text(file, field[0]);
            if (value != null) {
                message.setHeader(field[1], value);
            }
        }
        if (file.has("id")) {
            exchange.setProperty(RELAY_ONLY, true);
        }
        boolean binary = "base64".equals(text(file, "encoding"));
        message.setBody(binary ? Base64.getDecoder().decode(data) : data);
    }

    private static @Nullable String text(JsonNode file, String field) {
        JsonNode value = file.get(field);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    private static void data(Message message, ObjectNode file) {
        Object body = message.getBody();
        byte[] bytes = body == null || body instanceof String ? null : message.getBody(byte[].class);
        String text = bytes == null ? message.getBody(String.class) : utf8(bytes);
        if (text != null || bytes == null) {
            file.put("data", text == null ? "" : text);
        } else {
            file.put("data", Base64.getEncoder().encodeToString(bytes));
            file.put("encoding", "base64");
        }
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
