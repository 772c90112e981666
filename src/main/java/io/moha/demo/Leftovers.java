package io.moha.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Processes of a demo found by their pid files: those a killed demo left behind, and the servers
 * and guards that outlive their agents by design.
 *
 * @param directory of the demo, absolute
 */
record Leftovers(Path directory) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String GUARD = "agent/state/guard";

    /** The folders of servers, and everything else that --fresh deletes. */
    static List<String> folders(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("(n|p|etcd)\\d+|secrets|seed"))
                    .sorted()
                    .toList();
        }
    }

    /** Ends all of them, supervised ones first, and says which. */
    List<String> end() throws IOException {
        List<String> ended = new ArrayList<>();
        ended.addAll(end("p\\d+", "proxy.pid"));
        ended.addAll(end("n\\d+", "agent/agent.pid"));
        ended.addAll(endServers());
        ended.addAll(end("etcd\\d+", "etcd.pid"));
        return ended;
    }

    /** Those whose pid file is {@code pidFile} in a folder like {@code folders}, all at once. */
    private List<String> end(String folders, String pidFile) throws IOException {
        List<String> ended = new ArrayList<>();
        List<ProcessHandle> ending = new ArrayList<>();
        for (String folder : folders(directory)) {
            Path file = directory.resolve(folder).resolve(pidFile);
            Optional<ProcessHandle> process =
                    folder.matches(folders) ? PidFile.processOf(file, directory) : Optional.empty();
            if (process.isPresent()) {
                process.get().destroy();
                ending.add(process.get());
                ended.add(file.getFileName().toString().replace(".pid", " " + folder));
            }
        }
        ending.forEach(process -> awaitOrKill(process, PATIENCE));
        return ended;
    }

    /**
     * Ends the MySQL servers, whose agents are gone already: the guard is told to stop its server
     * in an orderly way, and killed together with it when it does not.
     */
    List<String> endServers() throws IOException {
        List<String> ended = new ArrayList<>();
        List<String> nodes =
                folders(directory).stream().filter(folder -> folder.startsWith("n")).toList();
        List<ProcessHandle> guards = new ArrayList<>();
        for (String node : nodes) {
            Path guard = directory.resolve(node).resolve(GUARD);
            PidFile.processOf(guard.resolve("pid"), directory)
                    .ifPresent(
                            found -> {
                                tellToStop(guard);
                                guards.add(found);
                            });
        }
        guards.forEach(guard -> awaitOrKill(guard, PATIENCE.plusSeconds(2)));
        for (String node : nodes) {
            Path file = directory.resolve(node).resolve("mysqld/mysqld.pid");
            PidFile.processOf(file, directory)
                    .ifPresent(
                            found -> {
                                end(found);
                                ended.add("mysqld " + node);
                            });
        }
        return ended;
    }

    private static void tellToStop(Path guard) {
        try {
            Files.writeString(guard.resolve("in"), "1 stop " + PATIENCE.toMillis() + "\n");
        } catch (IOException e) {
            // It is on its way out already; waiting for it says so.
            return;
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        awaitOrKill(process, PATIENCE);
    }

    private static void awaitOrKill(ProcessHandle process, Duration patience) {
        CompletableFuture<ProcessHandle> gone = process.onExit();
        try {
            gone.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            gone.join();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot wait for process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
