package io.moha.it.fault;

import io.moha.it.fixture.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Signals to processes. */
final class Signals {

    private Signals() {}

    /** Stops {@code pids} where they are, all at once. */
    static void stop(Collection<Long> pids) {
        send("STOP", pids);
    }

    /** Lets {@code pids} go on. */
    static void goOn(Collection<Long> pids) {
        send("CONT", pids);
    }

    /** Kills {@code pids}, all at once. */
    static void kill(Collection<Long> pids) {
        send("KILL", pids);
    }

    private static void send(String name, Collection<Long> pids) {
        List<String> words = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> words.add(Long.toString(pid)));
        if (pids.isEmpty()) {
            return;
        }
        try {
            // Its exit code tells only that one of them was gone already.
            new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until {@code pid} is gone. */
    static void awaitGone(long pid, Duration bound) {
        Await.until(
                "process " + pid + " is gone",
                bound,
                () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
}
