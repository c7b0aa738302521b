package org.needle.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesOfTopics {
    @ParameterizedTest
    @ValueSource(strings = {"a", "orders/eu-west_1", "a.b~c:d/E9", "1/2/3"})
    void areLevelsOfPlainCharacters(String name) {
        assertThat(Topic.of(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "a/", "/a", "a//b", "a b", "a*", "*", "a/**", "ä", "a\nb", "a\u0000", "a%2f", "a\\b"})
    void areRefusedOtherwise(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Topic.of(name));
    }

    @Test
    void areAtMost255Long() {
        assertThat(Topic.of("x".repeat(255)).name()).hasSize(255);
        assertThatIllegalArgumentException().isThrownBy(() -> Topic.of("x".repeat(256)));
    }

    @ParameterizedTest
    @CsvSource({
        "a,          a,       true",
        "a,          a/b,     false",
        "*,          a,       true",
        "*,          a/b,     false",
        "a/*,        a/b,     true",
        "a/*,        a,       false",
        "a/*/c,      a/b/c,   true",
        "a/*/c,      a/b/d,   false",
        "**,         a/b/c,   true",
        "a/**,       a,       true",
        "a/**,       a/b/c,   true",
        "a/**,       b,       false",
        "a/*/**,     a/b,     true",
        "a/*/**,     a,       false"
    })
    void areMatchedByFilters(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.of(filter).matches(Topic.of(topic))).isEqualTo(matches);
        FilterIndex<String> index = new FilterIndex<>();
        index.add(TopicFilter.of(filter), "found");
        List<String> found = new ArrayList<>();
        index.match(Topic.of(topic), found::add);
        assertThat(found).isEqualTo(matches ? List.of("found") : List.of());
        index.remove(TopicFilter.of(filter), "found");
        found.clear();
        index.match(Topic.of(topic), found::add);
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"**/a", "a**", "a/**/b", "*a", "", "a//*"})
    void haveWildcardsOnlyAsWholeLevels(String filter) {
        assertThatIllegalArgumentException().isThrownBy(() -> TopicFilter.of(filter));
    }
}
