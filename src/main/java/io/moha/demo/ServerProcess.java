package io.moha.demo;

import io.moha.provision.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A running server of this demo or test: in a session of its own, so that a Ctrl-C in the terminal
 * reaches only its supervisor. Thread-safe.
 */
public final class ServerProcess {

    private static final int SIGNALLED = 128;

    private final Plan plan;
    private final Process process;

    private ServerProcess(Plan plan, Process process) {
        this.plan = plan;
        this.process = process;
    }

    /**
     * What to run.
     *
     * @param name for people, for example "agent n1"
     * @param command program and arguments; must become the server itself, by exec
     * @param environment added to this process's own
     * @param directory where it runs; made when missing
     * @param log takes its standard output and error, appended
     * @param pidFile holds its pid while it runs
     */
    public record Plan(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Path log,
            Path pidFile) {

        /** Copies the collections. */
        public Plan {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /** Starts what {@code plan} says and writes its pid file. */
    public static ServerProcess start(Plan plan) throws IOException {
        Files.createDirectories(plan.directory());
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            words.add("/usr/bin/setsid");
        }
        words.addAll(plan.command());
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(plan.environment());
        builder.directory(plan.directory().toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()));
        Process process = builder.start();
        PidFile.write(plan.pidFile(), process.pid());
        return new ServerProcess(plan, process);
    }

    /** What it was started from. */
    public Plan plan() {
        return plan;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes, with how it ended in words, when it ended. */
    public CompletableFuture<String> onExit() {
        return process.onExit().thenApply(ended -> describe(ended.exitValue()));
    }

    private static String describe(int exit) {
        return exit > SIGNALLED ? "killed by signal " + (exit - SIGNALLED) : "exit code " + exit;
    }

    /** Kills it with SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        await(Duration.ofSeconds(30));
        forgetPidFile();
    }

    /** Asks it to end with SIGTERM; does not wait. */
    public void askToEnd() {
        process.destroy();
    }

    /** Ends it: SIGTERM, then SIGKILL after {@code patience}. Blocks until it is gone. */
    public void stop(Duration patience) {
        askToEnd();
        if (!await(patience)) {
            process.destroyForcibly();
            await(Duration.ofSeconds(30));
        }
        forgetPidFile();
    }

    /** Waits until it ended; false when it still runs after {@code limit}. */
    public boolean await(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private void forgetPidFile() {
        try {
            FileTree.delete(plan.pidFile());
        } catch (IOException e) {
            // A stale pid file is recognised by what its process is.
            plan.pidFile().toFile().deleteOnExit();
        }
    }
}
