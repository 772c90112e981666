package io.moha.it.client;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.ServerProcess;
import io.moha.it.fixture.WorkDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs programs to their end. */
public final class Programs {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final AtomicInteger RUNS = new AtomicInteger();

    private Programs() {}

    /**
     * The end of a program.
     *
     * @param exit its exit code
     * @param output both its streams
     */
    public record Ended(int exit, String output) {}

    /** The program {@code name} of the machine's own directories. */
    public static Optional<Path> find(String name) {
        return List.of("/usr/bin", "/usr/local/bin", "/usr/sbin").stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs {@code command} and waits for its end. */
    public static Ended run(WorkDir work, List<String> command) {
        Path log = work.dir("programs").resolve(RUNS.incrementAndGet() + ".log");
        try (ServerProcess process = ServerProcess.start(command.getFirst(), log, command)) {
            Await.until(command + " ends", BOUND, () -> !process.alive());
            return new Ended(process.stop(), process.output());
        }
    }
}
