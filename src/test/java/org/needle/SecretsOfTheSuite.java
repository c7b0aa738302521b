package org.needle;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Stay secret over the whole run, or it fails at its end. Found by JUnit through {@code META-INF/services}. */
public final class SecretsOfTheSuite implements BeforeAllCallback {
    static {
        Secrets.listen();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        EndOfTheSuite.add(context, new End());
    }

    /** Closed by JUnit when everything else is over. */
    private static final class End implements AutoCloseable {
        @Override
        public void close() throws IOException {
            List<String> leaks = Secrets.leaks();
            if (!leaks.isEmpty()) {
                throw new AssertionError("secrets were seen (target/said.txt):\n" + String.join("\n", leaks));
            }
        }
    }
}
