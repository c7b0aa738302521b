package org.needle.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.needle.cli.Needle.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "run",
        description = {
            "Runs the gateway: application.properties and routes/*.camel.yaml of the working directory.",
            "Every property can be overridden by -Dkey=value and by the environment (INGEST_PORT for ingest.port)."
        },
        mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description = "Read this file instead of application.properties.")
    private @Nullable Path properties;

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "Override a property.", mapFallbackValue = "true")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() throws Failure {
        if (properties != null && !Files.isRegularFile(properties)) {
            throw new Failure("--properties=" + properties + ": no such file");
        }
        overrides.forEach(System::setProperty);
        Gateway gateway = new Gateway(properties);
        return gateway.runUntilStopped();
    }
}
