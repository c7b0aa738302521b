package org.needle.camel;

import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.util.StringHelper;

/**
 * Finds the properties {@code camel.component.push.topics[PATTERN].OPTION} whose pattern has a wildcard. Camel takes a
 * {@code *} in a property's name for "all components that begin like this" and drops the property without a word; without this
 * class only settings of single topics would work.
 */
final class TopicPatterns {
    private TopicPatterns() {}

    /** Adds them to {@code topics}; properties of the JVM win over files, as everywhere in Camel. */
    static void read(CamelContext context, Map<String, TopicOptions> topics, OptionReader reader) {
        String prefix = PushComponent.PROPERTIES + "topics[";
        Properties found = new Properties();
        found.putAll(context.getPropertiesComponent().loadProperties(name -> name.startsWith(prefix)));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.setProperty(name, System.getProperty(name, "")));
        for (String name : new TreeSet<>(found.stringPropertyNames())) {
            int end = name.indexOf("].", prefix.length());
            String pattern = end < 0 ? "" : name.substring(prefix.length(), end);
            String value = context.resolvePropertyPlaceholders(found.getProperty(name));
            if (end < 0) {
                reader.wrong("topics[" + name.substring(prefix.length()), "", "must be topics[PATTERN].OPTION");
            } else if (pattern.contains("*")) {
                String option = name.substring(end + 2);
                set(topics.computeIfAbsent(pattern, x -> new TopicOptions()), option, value, reader, pattern);
            }
        }
    }

    private static void set(TopicOptions topic, String option, String value, OptionReader reader, String pattern) {
        switch (StringHelper.dashToCamelCase(option)) {
            case "historyCount" -> topic.setHistoryCount(value);
            case "historyBytes" -> topic.setHistoryBytes(value);
            case "historyAge" -> topic.setHistoryAge(value);
            case "slow" -> topic.setSlow(value);
            default ->
                reader.wrong(
                        "topics[" + pattern + "]." + option,
                        value,
                        "is unknown; there are history-count, history-bytes, history-age and slow");
        }
    }
}
