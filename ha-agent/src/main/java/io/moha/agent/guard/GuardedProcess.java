package io.moha.agent.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One process of this machine, told apart from a later one with the same number by its start time.
 *
 * @param pid its number; 0 for none
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks from boot to its start
 */
record GuardedProcess(long pid, long startTicks) {

    // Positions behind the name in parentheses, which itself may hold blanks (proc(5)).
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** No process at all. */
    static final GuardedProcess NONE = new GuardedProcess(0, 0);

    /** The process that has number {@code pid} now; empty when there is none. */
    static Optional<GuardedProcess> running(long pid) {
        return fields(pid)
                .map(fields -> new GuardedProcess(pid, Long.parseLong(fields[START_TIME])));
    }

    /** Whether nothing of it is left but perhaps an entry that its parent has not collected. */
    boolean isGone() {
        if (pid == 0) {
            return true;
        }
        Optional<String[]> fields = fields(pid);
        if (fields.isEmpty() || Long.parseLong(fields.get()[START_TIME]) != startTicks) {
            return true;
        }
        boolean zombie = fields.get()[STATE].equals("Z") || fields.get()[STATE].equals("X");
        // The first thread of a dying process can be a zombie while others still run.
        return zombie && threads() <= 1;
    }

    /** Sends SIGKILL, if it is still the same process. */
    void destroy() {
        if (!isGone()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private long threads() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.count();
        } catch (IOException gone) {
            return 0;
        }
    }

    private static Optional<String[]> fields(long pid) {
        try {
            String stat =
                    Files.readString(
                            Path.of("/proc", Long.toString(pid), "stat"),
                            StandardCharsets.ISO_8859_1);
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
