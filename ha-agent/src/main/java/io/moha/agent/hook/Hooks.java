package io.moha.agent.hook;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an operator's command for every event, one after the other on a thread of its own, with the
 * facts in environment variables that begin with MOHA_. Nothing waits for it: a command that takes
 * too long is killed, and events that pile up are dropped.
 */
public final class Hooks implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Hooks.class);
    private static final int PENDING = 100;
    private static final String PREFIX = "MOHA_";
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TZ");

    private final List<String> command;
    private final Duration timeout;
    private final Map<String, String> always;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(PENDING);
    private final Thread thread;
    private @Nullable Event last;

    /**
     * Begins to run {@code command}; an empty one is never run.
     *
     * @param timeout after which a run is killed
     * @param always facts that every event has
     */
    public Hooks(List<String> command, Duration timeout, Map<String, String> always) {
        this.command = List.copyOf(command);
        this.timeout = timeout;
        this.always = Map.copyOf(always);
        this.thread = Thread.ofPlatform().daemon().name("hooks").unstarted(this::run);
        if (!this.command.isEmpty()) {
            thread.start();
        }
    }

    /**
     * Runs the command for {@code event} soon, unless it is just what was told last time; from any
     * thread, never blocks. Where too many wait, the oldest is dropped.
     */
    public synchronized void tell(Event event) {
        if (command.isEmpty() || event.equals(last)) {
            return;
        }
        last = event;
        while (!events.offer(event)) {
            Event dropped = events.poll();
            if (dropped != null) {
                LOGGER.atWarn()
                        .addKeyValue("event", dropped.name())
                        .log("hook dropped: too many wait");
            }
        }
    }

    private void run() {
        try {
            while (true) {
                run(events.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Event event) throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        // The agent's own may hold passwords.
        builder.environment().keySet().retainAll(INHERITED);
        always.forEach((name, value) -> builder.environment().put(PREFIX + name, value));
        event.facts().forEach((name, value) -> builder.environment().put(PREFIX + name, value));
        builder.environment().put(PREFIX + "EVENT", event.name());
        String outcome;
        try {
            Process process = builder.start();
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                outcome = "exit " + process.exitValue();
            } else {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                outcome = "killed after " + timeout.toMillis() + " ms";
            }
        } catch (IOException | RuntimeException e) {
            // Among others: a fact with a character that no environment can hold.
            outcome = "not started: " + e.getMessage();
        }
        LOGGER.atInfo()
                .addKeyValue("event", event.name())
                .addKeyValue("outcome", outcome)
                .log("hook");
    }

    /** Runs nothing more; what runs is left alone. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
