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
    private @Nullable CompletableFuture<Integer> asked;

    DiskUse(SqlLink link) {
        this.link = link;
    }

    /** Per cent of the fullest one, as an unprivileged writer sees it; negative when unknown. */
    int percent() throws MysqlException {
        Set<Path> known = directories;
        if (known == null) {
            known = find();
            directories = known;
        }
        CompletableFuture<Integer> answer = asked;
        if (answer == null || answer.isDone()) {
            Set<Path> of = known;
            answer = new CompletableFuture<>();
            CompletableFuture<Integer> told = answer;
            Thread.ofVirtual().name("disk-use").start(() -> told.complete(fullest(of)));
            asked = answer;
        }
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            return -1;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return -1;
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

    private static int fullest(Set<Path> directories) {
        return directories.stream().mapToInt(DiskUse::percent).max().orElse(-1);
    }

    private static int percent(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            long total = store.getTotalSpace();
            return total > 0 ? percent(total, store.getUsableSpace()) : -1;
        } catch (IOException unreadable) {
            // The server itself says what is wrong with it.
            return -1;
        }
    }

    /** Per cent of {@code total} that are not {@code usable}, rounded up. */
    static int percent(long total, long usable) {
        return Math.toIntExact(Math.ceilDiv((total - usable) * 100, total));
    }
}
