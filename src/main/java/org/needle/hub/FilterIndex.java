package org.needle.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values filed under the filters that match a topic, in time that depends on the topic's levels and not on the
 * number of filters. Not thread-safe: its owner guards it.
 */
public final class FilterIndex<V> {
    private final Node<V> root = new Node<>();

    /** Files {@code value} under {@code filter}; the same pair may be filed once only. */
    public void add(TopicFilter filter, V value) {
        Node<V> node = root;
        for (String level : filter.levels()) {
            node = node.children().computeIfAbsent(level, x -> new Node<>());
        }
        node.values.add(value);
    }

    /** Takes a value out again; nothing happens if it is not there. */
    public void remove(TopicFilter filter, V value) {
        remove(root, filter.levels(), value);
    }

    /** Gives each match to {@code found}; a value filed under several matching filters comes several times. */
    public void match(Topic topic, Consumer<? super V> found) {
        match(root, topic.levels(), 0, found);
    }

    private static <V> void match(Node<V> node, List<String> levels, int depth, Consumer<? super V> found) {
        if (depth == levels.size()) {
            node.values.forEach(found);
        }
        if (node.children == null) {
            return;
        }
        Node<V> rest = node.children.get("**");
        if (rest != null) {
            rest.values.forEach(found);
        }
        if (depth == levels.size()) {
            return;
        }
        Node<V> exact = node.children.get(levels.get(depth));
        if (exact != null) {
            match(exact, levels, depth + 1, found);
        }
        Node<V> any = node.children.get("*");
        if (any != null) {
            match(any, levels, depth + 1, found);
        }
    }

    /** Removes downwards and prunes on the way back, so that topics that come and go leave nothing behind. */
    private static <V> void remove(Node<V> node, List<String> levels, V value) {
        if (levels.isEmpty()) {
            node.values.remove(value);
            return;
        }
        Node<V> child = node.children == null ? null : node.children.get(levels.get(0));
        if (child == null) {
            return;
        }
        remove(child, levels.subList(1, levels.size()), value);
        if (child.isEmpty()) {
            node.children().remove(levels.get(0));
        }
    }

    private static final class Node<V> {
        private final List<V> values = new ArrayList<>(2);
        private @Nullable Map<String, Node<V>> children;

        Map<String, Node<V>> children() {
            Map<String, Node<V>> map = children;
            if (map == null) {
                map = new HashMap<>(4);
                children = map;
            }
            return map;
        }

        boolean isEmpty() {
            return values.isEmpty() && (children == null || children.isEmpty());
        }
    }
}
