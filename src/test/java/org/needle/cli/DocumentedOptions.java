package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;

/** What the README, {@code application.properties}, the routes and the components say of the same options. */
class DocumentedOptions {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9.-]+)` \\| (?:`([^`]*)`)? *\\| .+ \\|");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z0-9.-]+):([^{}]*)}}");
    private static final Pattern SETTING = Pattern.compile("#([a-z][A-Za-z0-9.-]+)=(.*)");
    private static final String PUSH = "camel.component.push.";
    /** What every Camel component has, and what is no text. */
    private static final Set<String> NOT_OURS =
            Set.of("configuration", "bridge-error-handler", "lazy-start-producer", "autowired-enabled");
    /** Stands for "off" in the route, so that the rest of the URL is checked at start. */
    private static final String NOWHERE = "https://off.invalid";

    /** The rows of the table that follows a heading of the README: property and default. */
    private static Map<String, String> table(String heading) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(readme).containsOnlyOnce("\n" + heading + "\n");
        String section = readme.substring(readme.indexOf("\n" + heading + "\n") + heading.length() + 2);
        Map<String, String> rows = new TreeMap<>();
        boolean inside = false;
        for (String line : section.lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (inside && !line.startsWith("|")) {
                return rows;
            }
            inside |= line.startsWith("|");
            if (row.matches()) {
                rows.put(row.group(1), Objects.requireNonNullElse(row.group(2), ""));
            }
        }
        return rows;
    }

    private static Map<String, String> ofThePublicPort() throws IOException {
        try (InputStream catalog = Objects.requireNonNull(
                DocumentedOptions.class.getResourceAsStream("/META-INF/org/needle/camel/push.json"))) {
            Map<String, String> options = new TreeMap<>();
            for (Map.Entry<String, JsonNode> option : new ObjectMapper()
                    .readTree(catalog)
                    .get("componentProperties")
                    .properties()) {
                options.put(
                        StringHelper.camelCaseToDash(option.getKey()),
                        option.getValue().path("defaultValue").asText(""));
            }
            options.keySet().removeAll(NOT_OURS);
            return options;
        }
    }

    private static Map<String, String> ofTheRoutes() throws IOException {
        Map<String, String> options = new TreeMap<>();
        for (Path route : RunningGateway.readyRoutes()) {
            Matcher placeholder = PLACEHOLDER.matcher(Files.readString(route));
            while (placeholder.find()) {
                String value = placeholder.group(2).replace(NOWHERE, "");
                String before = options.put(placeholder.group(1), value);
                assertThat(before).as("%s in %s", placeholder.group(1), route).isIn(null, value);
            }
        }
        return options;
    }

    @Test
    void ofThePublicPortAreThoseOfTheComponent() throws IOException {
        assertThat(table("### `camel.component.push.*`")).isEqualTo(ofThePublicPort());
    }

    @Test
    void ofTheRoutesAreThoseInTheRoutes() throws IOException {
        assertThat(table("### The ready routes")).isEqualTo(ofTheRoutes());
    }

    @Test
    void ofTheBrokerAreThoseThatItReads() throws IOException {
        assertThat(table("The embedded broker:")).isEqualTo(new TreeMap<>(BrokerSettings.DEFAULTS));
    }

    /** Taking a {@code #} away changes nothing. */
    @Test
    void inApplicationPropertiesShowTheDefaults() throws IOException {
        Map<String, String> all = new TreeMap<>(ofTheRoutes());
        all.putAll(BrokerSettings.DEFAULTS);
        ofThePublicPort().forEach((name, value) -> all.put(PUSH + name, value));
        List<String> lines = Files.readAllLines(Path.of("application.properties"));
        for (String line : lines) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches() && !setting.group(1).startsWith("camel.ma")) {
                assertThat(all).containsEntry(setting.group(1), setting.group(2));
            }
        }
        ofTheRoutes().keySet().stream()
                .filter(name -> !name.equals("relay.url") && !name.equals("forward.url"))
                .forEach(name -> assertThat(lines).anyMatch(line -> line.startsWith("#" + name + "=")));
    }
}
