package io.moha.agent.act;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what a rebuild would throw away: the surplus transactions of a diverged server, as the
 * statements that would apply them again, with their rows as comments for people.
 *
 * @param directory where the files go
 * @param mysqlbinlog the program that reads binary logs
 */
public record Keepsake(Path directory, String mysqlbinlog) {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * Writes the transactions {@code gtids} of {@code logs} into {@code name}.sql and gives its
     * path.
     *
     * @throws AbandonedException when they could not be written whole
     */
    Path keep(String name, String gtids, List<Path> logs) throws AbandonedException {
        Path file = directory.resolve(name + ".sql");
        List<String> command = new ArrayList<>();
        command.add(mysqlbinlog);
        command.add("--verbose");
        command.add("--include-gtids=" + gtids);
        logs.forEach(log -> command.add(log.toString()));
        try {
            Files.createDirectories(directory);
            // It holds what users wrote: for this account's eyes only.
            Files.deleteIfExists(file);
            Files.createFile(file, OWNER_ONLY);
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(file.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AbandonedException("mysqlbinlog did not end");
            }
            if (process.exitValue() != 0) {
                throw new AbandonedException("mysqlbinlog ended with " + process.exitValue());
            }
            return file;
        } catch (IOException e) {
            throw new AbandonedException("the surplus could not be kept: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbandonedException("the agent ends");
        }
    }
}
