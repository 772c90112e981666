package io.moha.agent.guard;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the guard's process, in a session of its own so that it outlives this one. */
final class GuardLauncher {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardLauncher.class);
    // Long, because without a guard there is nothing else to do, and a machine that starts
    // everything at once is slow.
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_MILLIS = 10;

    private final GuardFiles files;
    private final GuardSettings settings;

    GuardLauncher(GuardFiles files, GuardSettings settings) {
        this.files = files;
        this.settings = settings;
    }

    /** Lets the next start of mysqld use the command of these settings. */
    void updateTarget() throws IOException {
        files.writeTarget(settings);
    }

    /** Starts a guard and waits, at most 30 s, until it takes orders. There must be none. */
    GuardedProcess launch() throws IOException {
        updateTarget();
        Process process =
                new ProcessBuilder(
                                List.of(
                                        "setsid",
                                        "bash",
                                        files.script().toAbsolutePath().toString(),
                                        files.directory().toAbsolutePath().toString()))
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
                        .redirectErrorStream(true)
                        .start();
        long until = BootClock.millis() + LIMIT.toMillis();
        while (BootClock.millis() < until) {
            Optional<GuardedProcess> guard =
                    files.guard().filter(found -> found.pid() == process.pid());
            if (guard.isPresent()) {
                LOGGER.atInfo().addKeyValue("guard", process.pid()).log("guard started");
                return guard.get();
            }
            if (ended(process)) {
                throw new IOException(
                        "the guard ended with code "
                                + process.exitValue()
                                + (process.exitValue() == 3
                                        ? ": another guard uses " + files.directory()
                                        : "; see " + files.log()));
            }
        }
        process.destroyForcibly();
        throw new IOException("the guard did not begin within " + LIMIT + "; see " + files.log());
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
