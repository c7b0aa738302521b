package org.needle.cli;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.jspecify.annotations.Nullable;

/**
 * A property {@code *.port} of -1 means any free port. The public port finds its own when it binds; routes use libraries that
 * want a number, so one is chosen when the property is first read, and stays: a route that is reloaded keeps its port.
 *
 * <p>Those of the product that are no port are refused here: the libraries do not name the property, or bind some other port.
 */
final class PortProperties extends DefaultPropertiesParser {
    private static final Set<String> OURS = Set.of("ingest.port", "queue.port");
    private static final int LAST = 65_535;

    private final Map<String, String> chosen = new ConcurrentHashMap<>();

    PortProperties(PropertiesComponent properties) {
        super(properties);
    }

    @Override
    public @Nullable String parseProperty(String key, @Nullable String value, PropertiesLookup properties) {
        if (value == null || !key.endsWith(".port")) {
            return value;
        }
        if (value.trim().equals("-1")) {
            return chosen.computeIfAbsent(key, any -> Integer.toString(Ports.free()));
        }
        if (OURS.contains(key)) {
            check(key, value);
        }
        return value;
    }

    /** @throws IllegalArgumentException that names {@code key} if {@code value} means no port */
    static void check(String key, String value) {
        String text = value.trim();
        boolean port = text.equals("-1") || (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LAST);
        if (!port) {
            throw new IllegalArgumentException(key + "=" + value + ": a port is a number from 1 to " + LAST
                    + ", 0 for none or -1 for any free one");
        }
    }
}
