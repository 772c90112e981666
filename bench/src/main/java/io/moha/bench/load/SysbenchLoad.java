package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * sysbench's read-write transactions in the background of another measurement. Errors do not end
 * it; it counts them, says which they were, and connects again. With MariaDB's library sysbench 1.0
 * itself ends by SIGSEGV when a connection is lost while it waits for an answer, whatever server it
 * is connected to: then it is started again.
 */
public final class SysbenchLoad implements AutoCloseable {

    private static final String NAME = "sysbench-load";
    private static final Duration LONGEST = Duration.ofDays(1);

    /** So that one that cannot connect at all does not use up the processor. */
    private static final Executor AFTER_A_WHILE =
            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);

    /** More ends than any measurement has disturbances. */
    private static final int MOST = 200;

    private final ProcessStack processes;
    private final List<String> command;
    private @Nullable ManagedProcess process;
    private int starts;
    private boolean closed;

    private SysbenchLoad(ProcessStack processes, List<String> command) {
        this.processes = processes;
        this.command = List.copyOf(command);
    }

    /** Starts {@code command}, which may change, with {@code threads} connections. */
    static SysbenchLoad start(ProcessStack processes, List<String> command, int threads) {
        command.addAll(
                List.of(
                        "--mysql-ignore-errors=all",
                        "--threads=" + threads,
                        "--time=" + LONGEST.toSeconds(),
                        "--report-interval=1",
                        "run"));
        SysbenchLoad load = new SysbenchLoad(processes, command);
        load.next();
        return load;
    }

    private synchronized void next() {
        if (closed || starts == MOST) {
            return;
        }
        ManagedProcess started = processes.start(name(starts), command);
        starts++;
        process = started;
        started.onEnd(() -> AFTER_A_WHILE.execute(this::next));
    }

    private static String name(int number) {
        return NAME + "-" + number;
    }

    /**
     * What it printed so far.
     *
     * @throws BenchException when it ended more often than can be due to what was measured
     */
    public synchronized SysbenchLoadReport report() {
        if (starts == MOST && process != null) {
            process.requireAlive();
        }
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < starts; i++) {
            Path log = processes.directory().resolve(name(i) + ".log");
            try {
                all.append(Files.readString(log)).append('\n');
            } catch (IOException e) {
                throw new BenchException("cannot read " + log, e);
            }
        }
        return SysbenchLoadReport.parse(all.toString(), starts - 1);
    }

    /** Ends it. */
    @Override
    public void close() {
        ManagedProcess last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        if (last != null) {
            processes.stop(last);
        }
    }
}
