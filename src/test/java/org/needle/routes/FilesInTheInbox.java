package org.needle.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.needle.cli.Follower;
import org.needle.cli.RunningGateway;

/** The route {@code files}. */
class FilesInTheInbox {
    @TempDir
    private static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = RunningGateway.in(folder).with("inbox.max-file", "1000").start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void arrives(Path file) {
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(file));
    }

    @Test
    void oneFileIsOneEventOfTheTopicNamedByItsFolder() throws Exception {
        gateway.drop("orders/eu/4711.json", "{\"straße\":1}\r\n");
        try (Follower follower = gateway.follow("orders/eu")) {
            assertThat(follower.data(1)).containsExactly("{\"straße\":1}\r\n");
        }
        arrives(gateway.inbox().resolve("orders/eu/.done/4711.json"));
        assertThat(gateway.inbox().resolve("orders/eu/4711.json")).doesNotExist();
    }

    @Test
    void aFileDirectlyInTheInboxGoesToFiles() throws Exception {
        gateway.drop("note.txt", "hello");
        try (Follower follower = gateway.follow("files")) {
            assertThat(follower.data(1)).containsExactly("hello");
        }
    }

    @Test
    void bytesThatAreNoTextStayWhatTheyAre() throws Exception {
        byte[] bytes = {(byte) 0xff, 0, 1, (byte) 0xfe};
        gateway.drop("binary/a.bin", bytes);
        try (Follower follower = gateway.follow("binary")) {
            assertThat(Base64.getDecoder().decode(follower.data(1).get(0))).isEqualTo(bytes);
        }
    }

    @Test
    void eachLineOfNdjsonAndCsvIsAnEventInOrder() throws Exception {
        gateway.drop("lines/a.ndjson", "{\"n\":1}\n\n{\"n\":2}\r\n{\"n\":\"é\"}");
        arrives(gateway.inbox().resolve("lines/.done/a.ndjson"));
        gateway.drop("lines/b.CSV", "4,x\n5,y\n");
        try (Follower follower = gateway.follow("lines")) {
            assertThat(follower.data(5)).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":\"é\"}", "4,x", "5,y");
        }
    }

    @Test
    void aFileThatFailsGoesToFailedWithTheReasonBesideIt() throws Exception {
        gateway.drop("not a topic/x.txt", "x");
        Path failed = gateway.inbox().resolve("not a topic/.failed/x.txt");
        arrives(failed);
        assertThat(failed.resolveSibling("x.txt.reason.txt")).content().contains("a topic is made of letters");
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        gateway.drop("large/most.txt", "m".repeat(1000));
        arrives(gateway.inbox().resolve("large/.done/most.txt"));
        gateway.drop("large/x.bin", new byte[1001]);
        Path failed = gateway.inbox().resolve("large/.failed/x.bin");
        arrives(failed);
        assertThat(failed.resolveSibling("x.bin.reason.txt")).content().contains("inbox.max-file=1000");
    }

    @Test
    void aLineThatFailsIsNamedAndTheLinesBeforeItArePublished() throws Exception {
        gateway.drop("broken/x.csv", "1\n\n" + "2".repeat(5_000_000) + "\n3\n");
        Path failed = gateway.inbox().resolve("broken/.failed/x.csv");
        arrives(failed);
        assertThat(failed.resolveSibling("x.csv.reason.txt")).content().contains("line 3: ");
        try (Follower follower = gateway.follow("broken")) {
            assertThat(follower.data(1)).containsExactly("1");
        }
    }

    @Test
    void hiddenUnfinishedAndLinkedFilesAreLeftAlone() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Path quiet = gateway.inbox().resolve("quiet");
        Files.createDirectories(quiet.resolve(".git"));
        Files.writeString(quiet.resolve(".git/config"), "hidden");
        Files.writeString(quiet.resolve(".hidden"), "hidden");
        Files.writeString(quiet.resolve("half.part"), "half");
        Files.createSymbolicLink(quiet.resolve("link"), secret);
        Files.createSymbolicLink(gateway.inbox().resolve("linked"), folder.resolve("routes"));
        gateway.drop("quiet/last.txt", "the only one");
        arrives(quiet.resolve(".done/last.txt"));
        try (Follower follower = gateway.follow("quiet");
                Follower linked = gateway.follow("linked")) {
            assertThat(follower.data(1)).containsExactly("the only one");
            assertThat(linked.soFar()).isEmpty();
        }
        assertThat(quiet.resolve("link")).isSymbolicLink();
    }

    @Test
    void aNameIsNeverEvaluated() throws Exception {
        String name = "$simple{sys.java.version} ${sys.java.version} {{inbox.dir}}";
        gateway.drop("names/" + name + ".txt", "done");
        gateway.drop("names/" + name + ".dat", "x".repeat(5_000));
        Path folder = gateway.inbox().resolve("names");
        arrives(folder.resolve(".done/" + name + ".txt"));
        arrives(folder.resolve(".failed/" + name + ".dat"));
        arrives(folder.resolve(".failed/" + name + ".dat.reason.txt"));
        try (Follower follower = gateway.follow("names")) {
            assertThat(follower.data(1)).containsExactly("done");
        }
    }

    /** As after a crash between the log and the move, or while the disk takes no files. */
    @Test
    void aFileThatCannotBeMovedIsPublishedOnce() throws Exception {
        Path stuck = Files.createDirectories(gateway.inbox().resolve("stuck"));
        Path inTheWay = Files.writeString(stuck.resolve(".done"), "a file where the folder should be");
        Path file = gateway.drop("stuck/1.txt", "once");
        try (Follower follower = gateway.follow("stuck")) {
            follower.events(1);
            gateway.drop("stuck/2.txt", "later");
            follower.events(2);
            assertThat(file).exists();
            Files.delete(inTheWay);
            arrives(stuck.resolve(".done/1.txt"));
            arrives(stuck.resolve(".done/2.txt"));
            gateway.drop("stuck/3.txt", "last");
            assertThat(follower.data(3)).containsExactly("once", "later", "last");
        }
    }

    @Test
    void aDoneFilePutBackUnchangedIsNotPublishedTwice() throws Exception {
        gateway.drop("again/1.txt", "once");
        Path done = gateway.inbox().resolve("again/.done/1.txt");
        arrives(done);
        Files.move(done, gateway.inbox().resolve("again/1.txt"), StandardCopyOption.ATOMIC_MOVE);
        arrives(done);
        gateway.drop("again/2.txt", "last");
        try (Follower follower = gateway.follow("again")) {
            assertThat(follower.data(2)).containsExactly("once", "last");
        }
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotRead(@TempDir Path own) throws Exception {
        try (RunningGateway patient =
                        RunningGateway.in(own).with("inbox.settle", "1500").start();
                Follower follower = patient.follow("slow")) {
            Path file = Files.createDirectories(patient.inbox().resolve("slow")).resolve("1.txt");
            byte[] part = "part ".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 4; i++) {
                Files.write(file, part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                long written = i;
                // as long as another file takes to get through, less than this one has to rest
                Path other = patient.drop("other/" + written + ".txt", "x");
                Files.setLastModifiedTime(other, java.nio.file.attribute.FileTime.fromMillis(0));
                arrives(patient.inbox().resolve("other/.done/" + written + ".txt"));
                assertThat(follower.soFar()).isEmpty();
            }
            assertThat(follower.data(1)).containsExactly("part part part part ");
        }
    }
}
