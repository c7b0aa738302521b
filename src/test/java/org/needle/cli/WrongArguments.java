package org.needle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrongArguments {
    private static void oneLine(String expected, String... arguments) {
        Typed typed = Typed.needle(arguments);
        assertThat(typed.status()).isEqualTo(2);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err().lines()).hasSize(1);
        assertThat(typed.err()).contains(expected).contains("--help");
    }

    @Test
    void areToldInOneLineWithTheWayToHelp() {
        oneLine("Unknown option: '--frob'", "run", "--frob");
        oneLine("Unknown option: '--frob'", "--frob");
        oneLine("Unmatched argument at index 0: 'frob'", "frob");
        oneLine("Missing required parameter: 'URL'", "publish", "--topic", "t");
        oneLine("Missing required option: '--topic=T'", "publish", "http://127.0.0.1:1");
        oneLine("a topic is made of", "publish", "http://127.0.0.1:1", "--topic", "not a topic");
        oneLine("URL begins with http://", "publish", "ftp://127.0.0.1", "--topic", "t");
        oneLine("URL", "publish", "::", "--topic", "t");
        oneLine("Missing required subcommand", "token");
        oneLine("Missing required option: '--key=FILE'", "token", "make", "--sub", "me");
        oneLine("--expires=soon", "token", "make", "--key", "k", "--sub", "me", "--expires", "soon");
        oneLine("--alg=none", "token", "make", "--key", "k", "--sub", "me", "--alg", "none");
        oneLine("--subscribe=a b", "token", "make", "--key", "k", "--sub", "me", "--subscribe", "a b");
    }

    @Test
    void helpNamesExactlyTheCommandsThatThereAre() {
        Typed typed = Typed.needle("--help");
        assertThat(typed.status()).isZero();
        assertThat(typed.out()).contains("lab", "publish", "run", "token");
        for (String command : Needle.commands().getSubcommands().keySet()) {
            assertThat(Typed.needle(command, "--help").out()).startsWith("Usage: needle " + command);
        }
    }

    @Test
    void versionIsOneLine() {
        Typed typed = Typed.needle("--version");
        assertThat(typed.status()).isZero();
        assertThat(typed.out().lines()).hasSize(1);
        assertThat(typed.out()).startsWith("needle ").contains("Camel 4.", "Java ");
    }
}
