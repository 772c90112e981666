package io.moha.agent.mysql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replacing a server's whole data by a copy of another's. */
final class CloneSql {

    private static final Logger LOGGER = LoggerFactory.getLogger(CloneSql.class);

    // CLONE ends the server; only a supervisor that it knows of would restart it in place.
    private static final int NOT_RESTARTED = 3707;

    private static final Set<String> WHOLE = Set.of("Not Started", "Completed");

    private final SqlLink link;
    private final ServerAccess access;

    CloneSql(SqlLink link, ServerAccess access) {
        this.link = link;
        this.access = access;
    }

    void cloneFrom(String host, int port, Duration limit) throws MysqlException {
        String datadir = link.one("SELECT @@GLOBAL.datadir", row -> row.getString(1));
        link.execute("SET GLOBAL clone_valid_donor_list=" + SqlText.literal(host + ":" + port));
        // CLONE writes, so only read_only stays on, which keeps everybody without special
        // privileges out.
        link.execute("SET GLOBAL super_read_only=OFF");
        // First, because nobody may be there to do it when the server has ended. A refused copy
        // costs no more than another name at the next start.
        forgetName(Path.of(datadir));
        try {
            link.execute(statement(host, port), limit);
        } catch (MysqlException failure) {
            if (!isEnded(failure)) {
                throw failure;
            }
        } finally {
            link.drop();
        }
    }

    /**
     * Has the server give itself another UUID when it starts again: transactions that were thrown
     * away here may still be elsewhere, and new ones must never get their GTIDs.
     */
    private static void forgetName(Path datadir) {
        try {
            Files.deleteIfExists(datadir.resolve("auto.cnf"));
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("the copy keeps the UUID that the server had");
        }
    }

    private String statement(String host, int port) {
        ServerAccess.Account account = access.replication();
        return "CLONE INSTANCE FROM "
                + SqlText.literal(account.user())
                + "@"
                + SqlText.literal(host)
                + ":"
                + port
                + " IDENTIFIED BY "
                + SqlText.literal(account.password().reveal())
                + (access.tls().required() ? " REQUIRE SSL" : "");
    }

    private static boolean isEnded(MysqlException failure) {
        boolean lost = failure.kind() == MysqlException.Kind.UNREACHABLE;
        return lost
                || (failure.getCause() instanceof SQLException sql
                        && sql.getErrorCode() == NOT_RESTARTED);
    }

    // The server writes what becomes of a copy into its data directory before it drops anything.
    boolean isWhole() throws MysqlException {
        return link
                .query("SELECT STATE FROM performance_schema.clone_status", row -> row.getString(1))
                .stream()
                .allMatch(WHOLE::contains);
    }

    List<Path> binaryLogs() throws MysqlException {
        String base = link.one("SELECT @@GLOBAL.log_bin_basename", row -> row.getString(1));
        Path directory = Path.of(base).toAbsolutePath().getParent();
        List<Path> files = new ArrayList<>();
        for (String name : link.query("SHOW BINARY LOGS", row -> row.getString(1))) {
            files.add(directory == null ? Path.of(name) : directory.resolve(name));
        }
        files.addAll(relayLogs());
        return files;
    }

    /** What was received and not applied is in no binary log. */
    private List<Path> relayLogs() throws MysqlException {
        String index = link.one("SELECT @@GLOBAL.relay_log_index", row -> row.getString(1));
        String datadir = link.one("SELECT @@GLOBAL.datadir", row -> row.getString(1));
        Path data = Path.of(datadir);
        try {
            return Files.readAllLines(data.resolve(index)).stream()
                    .filter(line -> !line.isBlank())
                    .map(line -> data.resolve(line.strip()).normalize())
                    .filter(Files::exists)
                    .toList();
        } catch (IOException absent) {
            // A server that never was a replica has none.
            return List.of();
        }
    }
}
