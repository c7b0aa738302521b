package org.needle;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom, as the architecture page says it, and where time and chance may come from. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.needle");
    private static final JavaClasses MAIN_AND_TESTS = new ClassFileImporter().importPackages("org.needle");

    private static final List<String> JDK =
            List.of("java..", "javax.net..", "javax.crypto..", "javax.security..", "org.jspecify.annotations..");
    private static final String LOGGING = "org.slf4j..";
    private static final String NETTY = "io.netty..";

    /** What each package knows besides itself and the JDK; a short name is one of ours. */
    private static final Map<String, List<String>> KNOWS = Map.ofEntries(
            Map.entry("hub", List.of()),
            Map.entry("log", List.of("hub", "org.apache.kafka..", LOGGING)),
            Map.entry("path", List.of()),
            Map.entry("wire", List.of("hub", "com.fasterxml.jackson..", "io.netty.buffer..")),
            Map.entry("access", List.of("hub", "com.nimbusds..", "com.fasterxml.jackson.core..", LOGGING)),
            Map.entry("edge", List.of("access", "hub", "wire", "path", NETTY, LOGGING)),
            Map.entry("port", List.of("edge", "org.apache.camel..", NETTY, LOGGING)),
            Map.entry("client", List.of("wire", "path", NETTY, LOGGING)),
            Map.entry(
                    "camel",
                    List.of(
                            "access",
                            "edge",
                            "port",
                            "client",
                            "hub",
                            "log",
                            "path",
                            "org.apache.camel..",
                            "io.micrometer..",
                            LOGGING)),
            Map.entry("lab", List.of(NETTY)));

    // ---- who may know whom ----

    @Test
    void aPackageKnowsOnlyWhatThePageAllows() {
        KNOWS.forEach((name, known) -> classes()
                .that()
                .resideInAPackage(ours(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.of(Stream.of(ours(name)), JDK.stream(), known.stream())
                        .flatMap(packages -> packages)
                        .map(each -> each.contains(".") ? each : ours(each))
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(MAIN));
    }

    @Test
    void everyClassIsInAPackageOfThePage() {
        classes()
                .should()
                .resideInAnyPackage(Stream.concat(KNOWS.keySet().stream(), Stream.of("cli"))
                        .map(ArchitectureTest::ours)
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void onlyTheCommandLineStartsTheLab() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ours("lab"), ours("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ours("lab"))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("org.needle.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(MAIN);
    }

    private static String ours(String name) {
        return "org.needle." + name + "..";
    }

    // ---- time and chance ----

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .accessTargetWhere(describe("a thread sleeps", ArchitectureTest::sleeps))
                .because("whoever waits, waits for something, and not for ever")
                .allowEmptyShould(true)
                .check(MAIN_AND_TESTS);
    }

    @Test
    void onlyTheSystemClockReadsTheTime() {
        noClasses()
                .that(describe("are not the system clock", type -> !isSystemClock(type)))
                .should()
                .accessTargetWhere(describe("the computer's time is read", ArchitectureTest::readsTheTime))
                .because("a test must be able to turn the clock")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void theLabCanRepeatItself() {
        noClasses()
                .that()
                .resideInAPackage(ours("lab"))
                .should()
                .accessTargetWhere(describe("chance has no seed", ArchitectureTest::hasNoSeed))
                .because("a run is repeated from its seed")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    private static boolean sleeps(JavaAccess<?> access) {
        return access.getName().equals("sleep")
                && List.of("java.lang.Thread", "java.util.concurrent.TimeUnit").contains(owner(access));
    }

    private static boolean isSystemClock(JavaClass type) {
        return type.getSimpleName().equals("SystemClock") || type.getName().startsWith("org.needle.cli.Needle");
    }

    private static boolean readsTheTime(JavaAccess<?> access) {
        String name = access.getName();
        return switch (owner(access)) {
            case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
            case "java.time.Clock", "java.time.InstantSource" ->
                name.startsWith("system") || (name.startsWith("tick") && !takes(access, InstantSource.class));
            case "java.util.Date" -> name.equals("<init>") && takesNothing(access);
            case "java.util.Calendar" -> name.equals("getInstance");
            default ->
                owner(access).startsWith("java.time.") && name.equals("now") && !takes(access, InstantSource.class);
        };
    }

    private static boolean hasNoSeed(JavaAccess<?> access) {
        String name = access.getName();
        return switch (owner(access)) {
            case "java.util.Random", "java.util.SplittableRandom" -> name.equals("<init>") && takesNothing(access);
            case "java.util.Collections" ->
                name.equals("shuffle") && parameters(access).size() == 1;
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.lang.Math" -> name.equals("random");
            case "java.util.random.RandomGenerator" -> name.equals("of") || name.equals("getDefault");
            default ->
                List.of("java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom")
                        .contains(owner(access));
        };
    }

    private static String owner(JavaAccess<?> access) {
        return access.getTargetOwner().getName();
    }

    private static boolean takesNothing(JavaAccess<?> access) {
        return parameters(access).isEmpty();
    }

    private static boolean takes(JavaAccess<?> access, Class<?> type) {
        return parameters(access).stream().anyMatch(parameter -> parameter.isAssignableTo(type));
    }

    private static List<JavaClass> parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target ? target.getRawParameterTypes() : List.of();
    }
}
