package io.moha.provision;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program of this machine, to its end: standard input empty, output to a file.
 *
 * @param words program and arguments
 * @param environment added to this process's own
 * @param directory where it runs
 * @param limit after which it is killed
 */
record HostCommand(
        List<String> words, Map<String, String> environment, Path directory, Duration limit) {

    private static final int TAIL_CHARS = 2_000;

    /** How a run ended: exit code, and everything it printed. */
    record Result(int exit, String output) {

        boolean ok() {
            return exit == 0;
        }

        /** The last non-empty line printed, for a message of one line. */
        String lastLine() {
            return output.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b).strip();
        }

        /** The end of what was printed. */
        String tail() {
            return output.length() <= TAIL_CHARS
                    ? output
                    : output.substring(output.length() - TAIL_CHARS);
        }
    }

    /** The program {@code words} with no special environment, run in {@code directory}. */
    static HostCommand of(Path directory, Duration limit, String... words) {
        return new HostCommand(List.of(words), Map.of(), directory, limit);
    }

    /** Where {@code program} is on the PATH; null when it is not. */
    static @Nullable Path onPath(String program) {
        String path = System.getenv("PATH");
        if (path == null) {
            return null;
        }
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty()) {
                Path candidate = Path.of(directory, program);
                if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** Runs it, calling {@code everySecond} about once a second meanwhile. */
    Result run(Runnable everySecond) throws IOException, ProvisionException {
        Path log = Files.createTempFile("moha-", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().putAll(environment);
            builder.directory(directory.toFile());
            builder.redirectInput(Path.of("/dev/null").toFile());
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            Process process = builder.start();
            int exit = await(process, everySecond);
            return new Result(exit, read(log));
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private int await(Process process, Runnable everySecond) throws ProvisionException {
        try {
            for (long left = limit.toSeconds(); left > 0; left--) {
                if (process.waitFor(1, TimeUnit.SECONDS)) {
                    return process.exitValue();
                }
                everySecond.run();
            }
            throw new ProvisionException(
                    words.getFirst() + " did not end within " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisionException("interrupted while " + words.getFirst() + " ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String read(Path log) throws IOException {
        return new String(Files.readAllBytes(log), Charset.defaultCharset());
    }
}
