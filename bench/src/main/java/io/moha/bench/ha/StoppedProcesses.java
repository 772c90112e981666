package io.moha.bench.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Processes that stand still by SIGSTOP. Whatever of them still lives goes on at the latest when
 * this is closed, or when the measurement is interrupted. Thread-safe.
 */
final class StoppedProcesses implements AutoCloseable {

    private final List<ProcessHandle> stopped = new ArrayList<>();
    private final Thread interruptHook = new Thread(this::resume, "resume-processes");

    /** None yet. */
    StoppedProcesses() {
        Runtime.getRuntime().addShutdownHook(interruptHook);
    }

    /** Stops all of {@code pids} at once. */
    synchronized void stop(List<Long> pids) {
        pids.stream().map(ProcessHandle::of).flatMap(Optional::stream).forEach(stopped::add);
        Signals.send("STOP", pids);
    }

    /** Lets all go on that are not dead, the last one first: a server before its guard. */
    synchronized void resume() {
        // A handle knows when its process began, so that no later one of its number is meant.
        List<Long> alive =
                stopped.reversed().stream()
                        .filter(ProcessHandle::isAlive)
                        .map(ProcessHandle::pid)
                        .toList();
        stopped.clear();
        if (!alive.isEmpty()) {
            Signals.send("CONT", alive);
        }
    }

    /** As {@link #resume}. */
    @Override
    public void close() {
        resume();
        Runtime.getRuntime().removeShutdownHook(interruptHook);
    }
}
