package org.needle;

import org.junit.jupiter.api.extension.ExtensionContext;

/** What is looked at once, when the last test is over. */
final class EndOfTheSuite {
    private EndOfTheSuite() {}

    /** Has JUnit close {@code check} at the end of the run; of each class of checks the first one counts. */
    static void add(ExtensionContext context, AutoCloseable check) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(EndOfTheSuite.class))
                .getOrComputeIfAbsent(check.getClass(), same -> check);
    }
}
