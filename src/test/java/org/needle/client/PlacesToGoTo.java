package org.needle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a redirect may lead, and what is told there. */
class PlacesToGoTo {
    @ParameterizedTest
    @CsvSource({
        "https://a.test/x, /y, false",
        "https://a.test/x, https://A.TEST:443/y, false",
        "http://a.test/x, https://a.test/x, false",
        "http://a.test:8080/x, https://a.test:8443/x, true",
        "https://a.test/x, https://b.test/x, true",
        "https://a.test/x, https://a.test:8443/x, true",
        "https://a.test/x, https://a.test.b.test/x, true",
        "https://a.test/x, //b.test/x, true",
    })
    void areElsewhereIfAnybodyElseMayListen(URI from, String location, boolean elsewhere) throws DialException {
        URI to = Redirect.to(from, 302, location);
        assertThat(Redirect.isElsewhere(from, to)).isEqualTo(elsewhere);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.test/x, http://a.test/x",
        "https://a.test/x, //u:p@a.test/x",
        "https://a.test/x, mailto:me",
        "https://a.test/x, https:///x",
        "http://a.test/x, ws://a.test/x",
    })
    void areNotJustAnywhere(URI from, String location) {
        assertThatThrownBy(() -> Redirect.to(from, 302, location))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.status()).isEqualTo(302));
    }
}
