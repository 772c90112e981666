package io.moha.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An initialised data directory with accounts, of which every node of a new cluster gets a copy:
 * the nodes begin with the same data and with empty GTID sets.
 *
 * @param directory of the seed; belongs to no running server
 */
public record DatadirSeed(Path directory) {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /**
     * Initialises {@code directory}, which must not exist, and runs {@code statements} in it, each
     * one line without a semicolon. They are handed over in a file only this user can read, and
     * leave no GTID. Blocks for some seconds.
     */
    public static DatadirSeed make(MysqlHome mysql, Path directory, List<String> statements)
            throws ProvisionException {
        Path absolute = directory.toAbsolutePath();
        Path script = absolute.resolveSibling("." + absolute.getFileName() + ".sql");
        try {
            Files.createDirectories(script.resolveSibling("."));
            FileTree.writeSecret(script, String.join(";\n", statements) + ";\n");
            List<String> words = new ArrayList<>();
            words.add(mysql.mysqld().toString());
            words.add("--no-defaults");
            words.add("--initialize-insecure");
            words.add("--datadir=" + absolute);
            words.add("--init-file=" + script);
            words.add("--skip-log-bin");
            // The seed is thrown away when the machine stops half-way, so nothing needs a sync.
            words.add("--innodb-flush-method=nosync");
            words.add("--innodb-doublewrite=OFF");
            words.add("--innodb-redo-log-capacity=64M");
            words.addAll(asThisUser());
            HostCommand.Result result =
                    new HostCommand(words, Map.of("LC_ALL", "C"), Path.of("/"), LIMIT)
                            .run(() -> {});
            if (!result.ok() || result.output().contains("[ERROR]")) {
                throw new ProvisionException(
                        "mysqld could not initialise " + directory + ": " + firstError(result));
            }
            Files.deleteIfExists(directory.resolve("auto.cnf"));
            return new DatadirSeed(directory);
        } catch (IOException e) {
            throw new ProvisionException("cannot make " + directory + ": " + e, e);
        } finally {
            script.toFile().delete();
        }
    }

    /** Copies the seed to {@code datadir}, which must not exist; the copy gets its own UUID. */
    public void copyTo(Path datadir) throws ProvisionException {
        try {
            Files.createDirectories(datadir.toAbsolutePath().getParent());
            FileTree.copy(directory, datadir);
        } catch (IOException e) {
            throw new ProvisionException("cannot copy the data directory: " + e, e);
        }
    }

    /** mysqld's option for running as root, which it refuses unless told so. */
    public static List<String> asThisUser() {
        return System.getProperty("user.name", "").equals("root")
                ? List.of("--user=root")
                : List.of();
    }

    private static String firstError(HostCommand.Result result) {
        return result.output()
                .lines()
                .filter(line -> line.contains("[ERROR]"))
                .findFirst()
                .orElse(result.lastLine());
    }
}
