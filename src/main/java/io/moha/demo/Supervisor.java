package io.moha.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Keeps servers running as a service manager would: one that ends is started again after a pause,
 * which grows while it keeps ending. Thread-safe.
 */
public final class Supervisor implements AutoCloseable {

    /** What systemd waits when its unit says nothing else (RestartSec). */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Consumer<String> events;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "supervisor");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Map<String, Child> children = new LinkedHashMap<>();
    private boolean stopping;

    /** A supervisor that tells {@code events}, in a sentence, of each end and each new start. */
    public Supervisor(Consumer<String> events) {
        this.events = events;
    }

    private record Child(ServerProcess process, Duration nextPause) {}

    /** Starts a server and keeps it running. Its name must be new here. */
    public synchronized void start(ServerProcess.Plan plan) throws IOException {
        if (stopping) {
            throw new IOException("the demo is being stopped");
        }
        run(plan, FIRST_PAUSE);
    }

    /** Whether the server {@code name} runs now. */
    public synchronized boolean isAlive(String name) {
        Child child = children.get(name);
        return child != null && child.process().isAlive();
    }

    private ServerProcess run(ServerProcess.Plan plan, Duration pause) throws IOException {
        ServerProcess process = ServerProcess.start(plan);
        children.put(plan.name(), new Child(process, pause));
        process.onExit().thenAccept(how -> onEnd(process, how));
        return process;
    }

    private synchronized void onEnd(ServerProcess process, String how) {
        Child child = children.get(process.plan().name());
        if (stopping || child == null || child.process() != process) {
            return;
        }
        Duration pause = child.nextPause();
        events.accept(
                process.plan().name()
                        + " ended ("
                        + how
                        + "); starting it again in "
                        + pause.toMillis()
                        + " ms");
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        timer.schedule(() -> restart(process, next), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void restart(ServerProcess ended, Duration next) {
        if (stopping) {
            return;
        }
        String name = ended.plan().name();
        try {
            ServerProcess fresh = run(ended.plan(), next);
            // A server that stays up is forgiven its past.
            timer.schedule(() -> forgive(fresh), LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            events.accept(name + " could not be started again: " + e.getMessage());
        }
    }

    private synchronized void forgive(ServerProcess process) {
        children.computeIfPresent(
                process.plan().name(),
                (name, child) ->
                        child.process() == process ? new Child(process, FIRST_PAUSE) : child);
    }

    /**
     * Ends those whose name satisfies {@code which}, all at the same time: SIGTERM, then SIGKILL
     * after {@code patience}. Nothing is restarted from the first call on.
     */
    public void stop(Predicate<String> which, Duration patience) {
        List<ServerProcess> ending = new ArrayList<>();
        synchronized (this) {
            stopping = true;
            children.forEach(
                    (name, child) -> {
                        if (which.test(name)) {
                            ending.add(child.process());
                        }
                    });
        }
        ending.forEach(ServerProcess::askToEnd);
        ending.forEach(process -> process.stop(patience));
    }

    /** Ends whatever still runs. */
    @Override
    public void close() {
        stop(name -> true, Duration.ofSeconds(5));
        timer.shutdownNow();
    }
}
