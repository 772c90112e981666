package io.moha.bench.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One process that a measurement started, with its output in a log file. */
public final class ManagedProcess implements AutoCloseable {

    private static final Duration STOP_BOUND = Duration.ofSeconds(20);
    private static final int LOG_TAIL = 2000;

    private final String name;
    private final Process process;
    private final Path log;

    private ManagedProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts {@code command} in {@code directory}; its output goes to {@code NAME.log} there. */
    public static ManagedProcess start(String name, Path directory, List<String> command) {
        Path log = directory.resolve(name + ".log");
        try {
            Files.createDirectories(directory);
            Process process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            return new ManagedProcess(name, process, log);
        } catch (IOException e) {
            throw new BenchException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Its counters now. */
    public ProcessUsage usage() {
        return ProcessUsage.of(pid());
    }

    /** Waits until something accepts connections on {@code port} of the loopback address. */
    public void awaitPort(int port, Duration bound) {
        Await.until(
                name + " to accept on " + port,
                bound,
                () -> {
                    requireAlive();
                    return Ports.accepts(port);
                });
    }

    /**
     * Waits for its end.
     *
     * @throws BenchException when it lasts longer than {@code bound} or fails; the message holds
     *     the end of its output
     */
    public void awaitSuccess(Duration bound) {
        try {
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BenchException(name + " did not end in " + bound + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for " + name, e);
        }
        if (process.exitValue() != 0) {
            throw new BenchException(name + " failed, see " + log + logTail());
        }
    }

    /** Has {@code then} run, on some thread, when it has ended, for whatever reason. */
    public void onEnd(Runnable then) {
        process.onExit().thenRun(then);
    }

    /** Ends it: first asked, then killed after 20 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Does nothing while it runs.
     *
     * @throws BenchException when it ended; the message holds the end of its output
     */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchException(name + " ended by itself, see " + log + logTail());
        }
    }

    private String logTail() {
        try {
            String text = Files.readString(log);
            return "\n" + text.substring(Math.max(0, text.length() - LOG_TAIL));
        } catch (IOException e) {
            return "";
        }
    }
}
