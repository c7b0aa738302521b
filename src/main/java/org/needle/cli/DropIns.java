package org.needle.cli;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * Puts whatever jars a user dropped into {@code lib/} beside the product's jar on the class path, before the main class
 * starts. A manifest's Class-Path cannot: it knows no wildcard. Jars that it does name stay in front, and are not put there
 * twice: whatever is looked for and not found would be looked for twice in each.
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
        Set<String> named = classPath(product);
        File[] jars = product.resolveSibling("lib")
                .toFile()
                .listFiles((lib, name) -> name.endsWith(".jar") && !named.contains("lib/" + name));
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

    private static Set<String> classPath(Path product) throws IOException {
        try (JarFile jar = new JarFile(product.toFile())) {
            String named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return named == null ? Set.of() : new HashSet<>(Arrays.asList(named.split(" ")));
        }
    }
}
