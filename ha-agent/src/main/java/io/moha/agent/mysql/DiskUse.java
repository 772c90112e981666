package io.moha.agent.mysql;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How full the file systems are on which the server keeps its data and its binary logs; both are on
 * this machine. Not thread-safe.
 */
final class DiskUse {

    /** A file system that does not even say its size in this time says nothing. */
    private static final Duration LIMIT = Duration.ofMillis(200);

    private final SqlLink link;
    private @Nullable Set<Path> directories;
    private @Nullable CompletableFuture<DiskSpace> asked;

    DiskUse(SqlLink link) {
        this.link = link;
    }

    /** What is left. */
    DiskSpace space() throws MysqlException {
        Set<Path> known = directories;
        if (known == null) {
            known = find();
            directories = known;
        }
        CompletableFuture<DiskSpace> answer = asked;
        if (answer == null || answer.isDone()) {
            Set<Path> of = known;
            answer = new CompletableFuture<>();
            CompletableFuture<DiskSpace> told = answer;
            Thread.ofVirtual().name("disk-use").start(() -> told.complete(fullest(of)));
            asked = answer;
        }
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            return DiskSpace.UNKNOWN;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return DiskSpace.UNKNOWN;
        }
    }

    private Set<Path> find() throws MysqlException {
        List<Path> named =
                link.query(
                        "SELECT @@GLOBAL.datadir UNION"
                                + " SELECT COALESCE(@@GLOBAL.log_bin_basename, @@GLOBAL.datadir)",
                        row -> Path.of(row.getString(1)));
        Set<Path> found = new LinkedHashSet<>();
        for (Path path : named) {
            Path directory = Files.isDirectory(path) ? path : path.getParent();
            // A server in another mount namespace cannot be judged from here.
            if (directory != null && Files.isDirectory(directory)) {
                found.add(directory);
            }
        }
        return found;
    }

    private static DiskSpace fullest(Set<Path> directories) {
        return directories.stream().map(DiskUse::space).reduce(DiskSpace.UNKNOWN, DiskSpace::or);
    }

    private static DiskSpace space(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            long total = store.getTotalSpace();
            long usable = store.getUsableSpace();
            return total > 0 ? new DiskSpace(percent(total, usable), usable) : DiskSpace.UNKNOWN;
        } catch (IOException unreadable) {
            // The server itself says what is wrong with it.
            return DiskSpace.UNKNOWN;
        }
    }

    /** Per cent of {@code total} that are not {@code usable}, rounded up. */
    static int percent(long total, long usable) {
        return Math.toIntExact(Math.ceilDiv((total - usable) * 100, total));
    }
}
