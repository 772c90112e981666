package io.moha.it.fault;

import io.moha.it.client.Programs;
import io.moha.it.fixture.WorkDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small file system of its own for one node's server. Needs root. */
final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "700m";

    private final WorkDir work;
    private final FaultNode node;
    private final Path directory;
    private final Path aside;
    private final Path filler;

    private SmallDisk(WorkDir work, FaultNode node) {
        this.work = work;
        this.node = node;
        this.directory = node.mysql().directory();
        this.aside = directory.resolveSibling("aside");
        this.filler = directory.resolve("filler");
    }

    /** Whether this process may mount. */
    static boolean isPossible() {
        return System.getProperty("user.name").equals("root") && Files.isWritable(Path.of("/dev"));
    }

    /** Moves the server of {@code node}, which is restarted for that, onto a small disk. */
    static SmallDisk under(FaultNode node, WorkDir work) throws IOException {
        SmallDisk disk = new SmallDisk(work, node);
        node.crash();
        Files.move(disk.directory, disk.aside);
        Files.createDirectory(disk.directory);
        disk.run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.directory.toString());
        disk.run("cp", "-a", disk.aside + "/.", disk.directory.toString());
        node.release();
        return disk;
    }

    /** Takes all space that is left; ends when there is none, so its exit code tells nothing. */
    void fill() {
        List<String> words = List.of("dd", "if=/dev/zero", "of=" + filler, "bs=64k", "status=none");
        Programs.Ended ended = Programs.run(work, words);
        if (!ended.output().contains("No space left")) {
            throw new AssertionError(words + ": " + ended.output());
        }
    }

    /** Gives the space back. */
    void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    private void run(String... words) {
        Programs.Ended ended = Programs.run(work, List.of(words));
        if (ended.exit() != 0) {
            throw new AssertionError(List.of(words) + ": " + ended.output());
        }
    }

    /** Moves the server back to where it was; it is restarted for that. */
    @Override
    public void close() throws IOException {
        free();
        node.crash();
        Files.createDirectory(directory.resolveSibling("back"));
        run("cp", "-a", directory + "/.", directory.resolveSibling("back").toString());
        run("umount", directory.toString());
        Files.delete(directory);
        Files.move(directory.resolveSibling("back"), directory);
        run("rm", "-rf", aside.toString());
        node.release();
    }
}
