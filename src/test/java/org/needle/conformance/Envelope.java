package org.needle.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.needle.hub.Content;

/** The JSON object that an event has to be, field by field. */
public final class Envelope {
    private Envelope() {}

    public static JsonNode of(String id, String topic, Content content, boolean withSum) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("id", id).put("topic", topic);
        if (content.name() != null) {
            json.put("event", content.name());
        }
        String data = content.text() ? content.string() : Base64.getEncoder().encodeToString(content.data());
        json.put("data", data);
        if (!content.text()) {
            json.put("encoding", "base64");
        }
        if (withSum) {
            CRC32 crc = new CRC32();
            crc.update(data.getBytes(StandardCharsets.UTF_8));
            json.put("sum", crc.getValue());
        }
        // read back, so that numbers are of the type that a parser gives them
        return Frame.parse(json.toString());
    }
}
