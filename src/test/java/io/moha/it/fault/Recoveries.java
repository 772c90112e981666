package io.moha.it.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Writes down how long each recovery took, to {@code target/failures.csv}: nothing is demanded of
 * the times on a machine that does other things besides.
 */
final class Recoveries {

    private static final Path FILE = Path.of("target", "failures.csv");

    private Recoveries() {}

    /**
     * One recovery.
     *
     * @param fault what happened
     * @param pause the longest time without an acknowledged write, of all clients together
     * @param well from the moment the fault was mended until all replicas acknowledge
     */
    static synchronized void record(String fault, Duration pause, Duration well)
            throws IOException {
        Files.createDirectories(FILE.toAbsolutePath().getParent());
        if (!Files.exists(FILE)) {
            Files.writeString(FILE, "fault,pause_ms,well_after_mending_ms\n");
        }
        Files.writeString(
                FILE,
                "\"%s\",%d,%d\n".formatted(fault, pause.toMillis(), well.toMillis()),
                StandardOpenOption.APPEND);
    }
}
