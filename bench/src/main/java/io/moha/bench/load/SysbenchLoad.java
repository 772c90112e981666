package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ManagedProcess;
import io.moha.bench.proc.ProcessStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * sysbench's read-write transactions in the background of another measurement. Errors do not end
 * it; it counts them, says which they were, and connects again.
 */
public final class SysbenchLoad implements AutoCloseable {

    private static final String NAME = "sysbench-load";
    private static final Duration LONGEST = Duration.ofDays(1);

    private final ProcessStack processes;
    private final ManagedProcess process;

    private SysbenchLoad(ProcessStack processes, ManagedProcess process) {
        this.processes = processes;
        this.process = process;
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
        return new SysbenchLoad(processes, processes.start(NAME, command));
    }

    /**
     * What it printed so far.
     *
     * @throws BenchException when it ended by itself
     */
    public SysbenchLoadReport report() {
        process.requireAlive();
        Path log = processes.directory().resolve(NAME + ".log");
        try {
            return SysbenchLoadReport.parse(Files.readString(log));
        } catch (IOException e) {
            throw new BenchException("cannot read " + log, e);
        }
    }

    /** Ends it. */
    @Override
    public void close() {
        processes.stop(process);
    }
}
