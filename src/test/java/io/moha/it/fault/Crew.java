package io.moha.it.fault;

import io.moha.it.fixture.ServerProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the processes of a cluster and starts each that ended again after a second, as a service
 * manager does, but those that a test holds down. Thread-safe.
 */
final class Crew implements AutoCloseable {

    private static final long PAUSE_MS = 1000;

    /** How to run one process. */
    record Job(Path log, List<String> command, Map<String, String> environment) {}

    private final Map<String, Job> jobs = new HashMap<>();
    private final Map<String, ServerProcess> running = new HashMap<>();
    private final Set<String> held = new HashSet<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("crew").daemon(true).factory());
    private boolean closing;

    /** Starts {@code job} as {@code name}. */
    synchronized void start(String name, Job job) {
        jobs.put(name, job);
        run(name);
    }

    private synchronized void run(String name) {
        Job job = jobs.get(name);
        ServerProcess before = running.get(name);
        if (closing || held.contains(name) || job == null || (before != null && before.alive())) {
            return;
        }
        ServerProcess process =
                ServerProcess.start(name, job.log(), job.command(), job.environment());
        running.put(name, process);
        process.onExit(() -> timer.schedule(() -> run(name), PAUSE_MS, TimeUnit.MILLISECONDS));
    }

    /** From now on {@code name} is not started again. */
    synchronized void hold(String name) {
        held.add(name);
    }

    /** Ends {@link #hold}, and starts what does not run. */
    synchronized void release(String name) {
        held.remove(name);
        run(name);
    }

    /** The process id of {@code name}; 0 when it does not run. */
    synchronized long pid(String name) {
        ServerProcess process = find(name);
        return process == null ? 0 : process.pid();
    }

    /** Whether {@code name} runs. */
    synchronized boolean alive(String name) {
        return find(name) != null;
    }

    private @Nullable ServerProcess find(String name) {
        ServerProcess process = running.get(name);
        return process != null && process.alive() ? process : null;
    }

    /** The end of what {@code name} logged. */
    synchronized String tail(String name) {
        ServerProcess process = running.get(name);
        return process == null ? name + " never ran" : process.tail();
    }

    /** Ends what still runs with SIGKILL. */
    @Override
    public void close() {
        List<ServerProcess> left;
        synchronized (this) {
            closing = true;
            left = List.copyOf(running.values());
        }
        timer.shutdownNow();
        left.forEach(ServerProcess::kill);
    }
}
