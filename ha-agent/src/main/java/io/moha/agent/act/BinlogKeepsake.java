package io.moha.agent.act;

import io.moha.agent.mysql.GtidSet;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps what a rebuild would throw away: the surplus transactions of a diverged server, as the
 * statements that would apply them again, with their rows as comments for people.
 *
 * @param directory where the files go
 * @param mysqlbinlog the program that reads binary logs
 */
public record BinlogKeepsake(Path directory, String mysqlbinlog) implements Keepsake {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** How mysqlbinlog writes that a transaction begins. */
    private static final Pattern GTID =
            Pattern.compile(
                    "^SET @@SESSION.GTID_NEXT= ?(?:/\\*.*?\\*/)? ?'([0-9a-fA-F-]+:[0-9]+)'");

    @Override
    public Path keep(String name, String gtids, String verdict, List<Path> logs)
            throws AbandonedException {
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
            Files.writeString(file, head(gtids, verdict));
            run(command, file);
            requireWhole(file, gtids);
            return file;
        } catch (IOException e) {
            throw new AbandonedException("the surplus could not be kept: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbandonedException("the agent ends");
        }
    }

    private static String head(String gtids, String verdict) {
        return "-- Transactions that this server had and the primary lacked: %s%n-- %s%n"
                .formatted(gtids, verdict);
    }

    private static void run(List<String> command, Path file)
            throws IOException, InterruptedException, AbandonedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AbandonedException("mysqlbinlog did not end");
        }
        if (process.exitValue() != 0) {
            throw new AbandonedException("mysqlbinlog ended with " + process.exitValue());
        }
    }

    /** Logs may have been purged, and mysqlbinlog does not miss what it does not find. */
    private static void requireWhole(Path file, String gtids)
            throws IOException, AbandonedException {
        Set<String> found = new HashSet<>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.map(GTID::matcher)
                    .filter(Matcher::find)
                    .forEach(line -> found.add(line.group(1).toLowerCase(Locale.ROOT)));
        }
        long missing = GtidSet.parse(gtids).count() - found.size();
        if (missing > 0) {
            throw new AbandonedException(
                    "%d of the transactions %s are in no log; nothing is thrown away"
                            .formatted(missing, gtids));
        }
    }
}
