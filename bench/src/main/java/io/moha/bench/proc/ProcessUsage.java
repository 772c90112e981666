package io.moha.bench.proc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What Linux has counted for one process so far, threads that already ended included.
 *
 * @param cpu user and system time, in steps of 10 ms
 * @param residentBytes resident memory at this moment
 */
public record ProcessUsage(Duration cpu, long residentBytes) {

    // USER_HZ, in which /proc/PID/stat counts; 100 on every Linux of the supported machines.
    private static final long TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final long KIBIBYTE = 1024;

    /**
     * The counters of process {@code pid} now, from {@code /proc/PID/stat} and {@code status}
     * (proc(5)).
     *
     * @throws BenchException when there is no such process
     */
    public static ProcessUsage of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may hold blanks; the fields counted here follow it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
            return new ProcessUsage(
                    Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND), resident(pid));
        } catch (IOException e) {
            throw new BenchException("process " + pid + " is gone", e);
        }
    }

    private static long resident(long pid) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
            return lines.stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
