package org.needle.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.needle.Secrets;

/**
 * One thing that a subscriber received, whatever the transport.
 *
 * @param id the position that came with it; empty if none did
 * @param control the control's name; empty for an event
 * @param topic empty where the transport does not show it
 * @param event the event's name; empty if it has none
 * @param json the whole object, or nothing for a plain SSE event
 */
public record Frame(String id, String control, String topic, String event, String data, JsonNode json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static JsonNode parse(String text) {
        if (text.contains("\"control\":\"hello\"")) {
            Secrets.given(text);
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** A frame that came as a JSON object. */
    static Frame of(JsonNode json) {
        return new Frame(
                json.path("id").asText(""),
                json.path("control").asText(""),
                json.path("topic").asText(""),
                json.path("event").asText(""),
                json.path("data").asText(""),
                json);
    }

    /** An SSE block; a control or an event in its envelope is a JSON object, everything else is text. */
    static Frame ofSse(String id, String name, String data) {
        boolean control = name.startsWith("needle-");
        JsonNode json = control ? parse(data) : envelope(data);
        if (json.isMissingNode()) {
            return new Frame(id, "", "", name, data, json);
        }
        Frame inner = of(json);
        String event = control ? name.substring("needle-".length()) : name;
        if (control && !event.equals(inner.control())) {
            throw new AssertionError("an SSE event named " + name + " with " + data);
        }
        if (!control && !(event.equals(inner.event()) && id.equals(inner.id()))) {
            throw new AssertionError("the envelope says " + data + ", the frame id " + id + " and event " + name);
        }
        return new Frame(id, inner.control(), inner.topic(), inner.event(), inner.data(), json);
    }

    private static JsonNode envelope(String data) {
        return data.startsWith("{\"id\"") ? parse(data) : MissingNode.getInstance();
    }

    public boolean isEvent() {
        return control.isEmpty();
    }
}
