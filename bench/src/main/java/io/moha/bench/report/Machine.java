package io.moha.bench.report;

import io.moha.bench.proc.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the numbers were measured on. */
public final class Machine {

    private Machine() {}

    /** One line: processor, number of cores, memory, kernel. */
    public static String describe() {
        return "%d cores of %s, %d GiB of memory, Linux %s"
                .formatted(
                        coreCount(),
                        field("/proc/cpuinfo", "model name"),
                        memoryGibibytes(),
                        System.getProperty("os.version"));
    }

    /** One line: the Java this runs on. */
    public static String java() {
        return System.getProperty("java.vendor.version", "")
                + " ("
                + System.getProperty("java.version")
                + ")";
    }

    /** The first line that {@code command} prints. */
    public static String firstLineOf(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines().findFirst().orElse("");
        } catch (IOException e) {
            return command[0] + " not found";
        }
    }

    private static long coreCount() {
        return lines("/proc/cpuinfo").stream().filter(line -> line.startsWith("processor")).count();
    }

    private static long memoryGibibytes() {
        long kibibytes = Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        return Math.round(kibibytes / (1024.0 * 1024.0));
    }

    private static String field(String file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new BenchException("cannot read " + file, e);
        }
    }
}
