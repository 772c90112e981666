package io.moha.bench.proc;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The processes of one measurement, ended in the reverse order of their start, also when the
 * measurement is interrupted. Every process can be bound to one processor core.
 */
public final class ProcessStack implements AutoCloseable {

    private final Path directory;
    private final int core;
    private final Deque<ManagedProcess> running = new ArrayDeque<>();
    private boolean closed;
    private final Thread interruptHook = new Thread(this::closeAll, "stop-processes");

    /**
     * An empty stack.
     *
     * @param directory where each process gets its log
     * @param core number of the core all of them run on; negative for no binding
     */
    public ProcessStack(Path directory, int core) {
        this.directory = directory;
        this.core = core;
        Runtime.getRuntime().addShutdownHook(interruptHook);
    }

    /**
     * Starts {@code command} as {@code name}.
     *
     * @throws BenchException when all of them have been ended already
     */
    public synchronized ManagedProcess start(String name, List<String> command) {
        if (closed) {
            throw new BenchException("the measurement has ended: " + name + " is not started");
        }
        ManagedProcess process = ManagedProcess.start(name, directory, bound(command));
        running.push(process);
        return process;
    }

    /** Ends {@code process} before its turn. */
    public synchronized void stop(ManagedProcess process) {
        running.remove(process);
        process.close();
    }

    /** Where the processes run and log. */
    public Path directory() {
        return directory;
    }

    /** Ends all of them. */
    @Override
    public void close() {
        closeAll();
        Runtime.getRuntime().removeShutdownHook(interruptHook);
    }

    private synchronized void closeAll() {
        closed = true;
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    private List<String> bound(List<String> command) {
        if (core < 0) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        return pinned;
    }
}
