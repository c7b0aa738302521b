package org.needle.cli;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.jspecify.annotations.Nullable;

/**
 * A property {@code *.port} of -1 means any free port. The public port finds its own when it binds; routes use libraries that
 * want a number, so one is chosen when the property is first read, and stays: a route that is reloaded keeps its port.
 */
final class FreePorts extends DefaultPropertiesParser {
    private final Map<String, String> chosen = new ConcurrentHashMap<>();

    FreePorts(PropertiesComponent properties) {
        super(properties);
    }

    @Override
    public @Nullable String parseProperty(String key, @Nullable String value, PropertiesLookup properties) {
        return value != null && key.endsWith(".port") && value.trim().equals("-1")
                ? chosen.computeIfAbsent(key, any -> Integer.toString(Ports.free()))
                : value;
    }
}
