package io.moha.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Files that hold a process id, and the processes they mean. */
public final class PidFile {

    private PidFile() {}

    /** Writes {@code pid} into {@code file}, whole or not at all. */
    public static void write(Path file, long pid) throws IOException {
        Path beside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(beside, pid + "\n");
        Files.move(
                beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The live process that {@code file} names (its first word); empty when there is none. */
    public static Optional<ProcessHandle> process(Path file) {
        try {
            String first = Files.readString(file).strip().split("\\s+", 2)[0];
            return first.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(first)).filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * The same, but only when the process's command line or directory names {@code directory}: a
     * pid file outlives its process, and the number may be another program's by now.
     */
    public static Optional<ProcessHandle> processOf(Path file, Path directory) {
        return process(file).filter(found -> belongsTo(found.pid(), directory));
    }

    private static boolean belongsTo(long pid, Path directory) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            return Files.readString(proc.resolve("cmdline")).contains(directory.toString())
                    || proc.resolve("cwd").toRealPath().startsWith(directory.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
