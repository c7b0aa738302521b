package org.needle.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.needle.conformance.HostileNetwork;
import org.needle.conformance.OpenEdge;
import org.needle.lab.Dark;
import org.needle.lab.DelayChunks;
import org.needle.lab.Lab;
import org.needle.lab.LabOptions;
import org.needle.lab.Profile;
import org.needle.matrix.LabMatrix;

/** The part of the {@link Desk} that opens labs and real middleboxes, changes labs' networks and tells what came through. */
final class LabDesk implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, Opened> labs = new ConcurrentHashMap<>();
    private final Map<String, Middlebox> boxes = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** A lab, the gateway that it is in front of, and whether it leads to the gateway's port with TLS. */
    private record Opened(HostileNetwork network, String edge, boolean overTls) {}

    /** @param query edge, profile; seed, tls=1, target-tls=1 and raw-tls=1 (TLS that nobody looks into) if wanted */
    String open(OpenEdge edge, Map<String, String> query) {
        boolean overTls = query.containsKey("target-tls") || query.containsKey("raw-tls");
        HostileNetwork lab =
                HostileNetwork.open(query.get("profile"), overTls ? edge.tlsPort() : edge.port(), plain -> {
                    LabOptions options = plain.seed(Long.parseLong(query.getOrDefault("seed", "1")));
                    options = query.containsKey("tls") ? options.tls() : options;
                    return query.containsKey("target-tls") ? options.targetTls() : options;
                });
        String name = Integer.toString(count.incrementAndGet());
        labs.put(name, new Opened(lab, query.get("edge"), overTls));
        ObjectNode answer = MAPPER.createObjectNode();
        return answer.put("lab", name)
                .put("url", lab.url())
                .put("from", lab.from())
                .put("authority", query.containsKey("tls") ? lab.lab().authority() : "")
                .toString();
    }

    /** @param query edge and kind, as nginx-default */
    String openBox(OpenEdge edge, Map<String, String> query) {
        String kind = query.get("kind").toUpperCase(Locale.ROOT).replace('-', '_');
        Middlebox box = Middlebox.start(Middlebox.Kind.valueOf(kind), edge);
        String name = Integer.toString(count.incrementAndGet());
        boxes.put(name, box);
        ObjectNode answer = MAPPER.createObjectNode();
        return answer.put("box", name)
                .put("url", box.url())
                .put("proxy", box.proxy())
                .toString();
    }

    String closeBox(Map<String, String> query) {
        boxes.get(query.get("box")).close();
        return "";
    }

    /** Puts what a client made of a profile into the matrix. */
    String note(Map<String, String> query, String cell) {
        try {
            LabMatrix.put(query.get("profile"), query.get("client"), MAPPER.readValue(cell, LabMatrix.Cell.class));
            return "";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A gateway has been restarted. */
    void moved(String name, OpenEdge edge) {
        for (Opened each : labs.values()) {
            if (each.edge().equals(name)) {
                each.network().target(each.overTls() ? edge.tlsPort() : edge.port());
            }
        }
    }

    String serve(String path, Map<String, String> query) {
        HostileNetwork lab = labs.get(query.get("lab")).network();
        switch (path) {
            case "/lab/change" -> {
                Lab.Old old = Lab.Old.valueOf(query.getOrDefault("old", "lost").toUpperCase(Locale.ROOT));
                lab.lab().change(profile(query), old);
            }
            case "/lab/connections" -> {
                return Long.toString(lab.lab().connections());
            }
            case "/lab/seen" -> {
                return MAPPER.valueToTree(lab.lab().seen()).toString();
            }
            case "/lab/close" -> lab.close();
            default -> throw new IllegalArgumentException("no such order: " + path);
        }
        return "";
    }

    /** One of the table by its name; or dark for so many ms; or one where each chunk takes so many. */
    private static Profile profile(Map<String, String> query) {
        if (query.containsKey("dark")) {
            Dark.Period period = new Dark.Period(0, Long.parseLong(query.get("dark")));
            return Profile.of("dark", "dark", new Dark(List.of(period)));
        }
        return query.containsKey("slow")
                ? Profile.of("slow", "slow", new DelayChunks(Long.parseLong(query.get("slow"))))
                : Profile.named(query.get("profile"));
    }

    @Override
    public void close() {
        labs.values().forEach(each -> each.network().close());
        boxes.values().forEach(Middlebox::close);
    }
}
