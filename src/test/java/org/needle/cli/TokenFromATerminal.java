package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFromATerminal {
    @TempDir
    Path folder;

    private Typed make(String... more) {
        String[] all = new String[more.length + 9];
        String[] first = {"token", "make", "--key", key(), "--sub", "me", "--subscribe", "a/**", "--issuer=i"};
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return Typed.needle(all);
    }

    private String key() {
        return folder.resolve("dev.key").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS512", "RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
    void isMadeWithANewKeyAndTaken(String algorithm) throws Exception {
        Typed made = make("--new", "--alg", algorithm, "--audience=x", "--publish=b");
        assertThat(made.err()).isEmpty();
        assertThat(made.status()).isZero();
        assertThat(made.out().lines()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(key()))))
                .isEqualTo("rw-------");
        String token = made.out().trim();
        String publicKey = algorithm.startsWith("HS") ? key() : key() + ".pub";
        Typed seen = Typed.needle("token", "inspect", token, "--key", publicKey, "--issuer=i", "--audience=x");
        assertThat(seen.status()).isZero();
        assertThat(seen.out())
                .contains("\"" + algorithm + "\"", "\"sub\" : \"me\"", "taken: subscribe [a/**], publish [b]")
                .doesNotContain(token, "NOT");
        assertThat(Typed.needle("token", "inspect", token, "--key", publicKey, "--issuer=j")
                        .status())
                .isEqualTo(1);
        assertThat(Typed.needle("token", "inspect", token).status()).isZero();
    }

    @Test
    void isMadeWithTheKeyThatIsThere() throws Exception {
        make("--new");
        byte[] before = Files.readAllBytes(Path.of(key()));
        assertThat(make("--new").status()).isZero();
        assertThat(make().status()).isZero();
        assertThat(Files.readAllBytes(Path.of(key()))).isEqualTo(before);
        Typed wrong = make("--alg=RS256");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err())
                .contains("is not for RS256")
                .doesNotContain(new String(before, 0, 20, java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void isNotMadeWithoutAKey() {
        Typed typed = make();
        assertThat(typed.status()).isEqualTo(1);
        assertThat(typed.err()).contains("no such file").contains("--new");
        assertThat(typed.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a.b.c", "..", "e30.W10"})
    void isToldFromNonsense(String text) {
        Typed typed = Typed.needle("token", "inspect", text);
        assertThat(typed.status()).isEqualTo(1);
        assertThat(typed.err().lines()).hasSize(1);
    }
}
