package org.needle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarsDroppedIntoLib {
    @TempDir
    private Path folder;

    @Test
    void areOnTheClassPathOnceEach() throws Exception {
        Files.createDirectory(folder.resolve("lib"));
        jar("lib/named.jar", new Manifest(), "found.txt");
        jar("lib/dropped.jar", new Manifest(), "found.txt");
        jar("product.jar", product(), name(DropIns.class), name(Finder.class));

        assertThat(run("product.jar")).containsExactly("lib/named.jar", "lib/dropped.jar");
    }

    @Test
    void areNotMissedWhenThereIsNoLib() throws Exception {
        jar("product.jar", product(), name(DropIns.class), name(Finder.class));

        assertThat(run("product.jar")).isEmpty();
    }

    /** Runs in the other JVM: prints which jars hold the resource, in the order of the class path. */
    static final class Finder {
        public static void main(String[] folder) throws IOException {
            ClassLoader loader = Finder.class.getClassLoader();
            for (var found : Collections.list(loader.getResources("found.txt"))) {
                System.out.println(found.toString().replaceAll(".*/(lib/.*)!.*", "$1"));
            }
        }
    }

    private List<String> run(String jar) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-jar", jar)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    private static Manifest product() {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Finder.class.getName());
        attributes.put(Attributes.Name.CLASS_PATH, "./ lib/named.jar");
        attributes.put(new Attributes.Name("Launcher-Agent-Class"), DropIns.class.getName());
        return manifest;
    }

    private static String name(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private void jar(String path, Manifest manifest, String... entries) throws IOException {
        try (OutputStream file = Files.newOutputStream(folder.resolve(path));
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            for (String entry : entries) {
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream bytes = DropIns.class.getClassLoader().getResourceAsStream(entry)) {
                    jar.write(bytes == null ? new byte[0] : bytes.readAllBytes());
                }
            }
        }
    }
}
