package org.needle.cli;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarFile;

/**
 * Puts whatever jars a user dropped into {@code lib/} beside the product's jar on the class path, before the main class
 * starts. A manifest's Class-Path cannot: it knows no wildcard. Jars that it does name keep their place in front.
 */
public final class DropIns {
    private DropIns() {}

    /** Called by {@code java -jar} through the manifest's Launcher-Agent-Class. */
    public static void agentmain(String arguments, Instrumentation jvm) throws IOException, URISyntaxException {
        Path product = Path.of(DropIns.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        File[] jars = product.resolveSibling("lib").toFile().listFiles((lib, name) -> name.endsWith(".jar"));
        if (jars == null) {
            return;
        }
        Arrays.sort(jars);
        for (File each : jars) {
            try (JarFile jar = new JarFile(each)) {
                jvm.appendToSystemClassLoaderSearch(jar);
            }
        }
    }
}
