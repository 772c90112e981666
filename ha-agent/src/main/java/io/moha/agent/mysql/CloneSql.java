package io.moha.agent.mysql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replacing a server's whole data by a copy of another's. */
final class CloneSql {

    private static final Logger LOGGER = LoggerFactory.getLogger(CloneSql.class);

    // CLONE ends the server; only a supervisor that it knows of would restart it in place.
    private static final int NOT_RESTARTED = 3707;

    private static final String NAME = "auto.cnf";
    private static final String FORMER_NAME = "auto.cnf.former";

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
        // First, because nobody may be there to do it when the server has ended.
        boolean renamed = rename(Path.of(datadir), NAME, FORMER_NAME);
        try {
            link.execute(statement(host, port), limit);
        } catch (MysqlException failure) {
            if (!isEnded(failure)) {
                if (renamed) {
                    rename(Path.of(datadir), FORMER_NAME, NAME);
                }
                throw failure;
            }
        } finally {
            link.drop();
        }
    }

    /**
     * Without its file the server gives itself another UUID when it starts again: transactions that
     * are thrown away here may still be elsewhere, and new ones must never get their GTIDs.
     */
    private static boolean rename(Path datadir, String from, String to) {
        try {
            Files.move(
                    datadir.resolve(from),
                    datadir.resolve(to),
                    StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (NoSuchFileException absent) {
            // Not on this machine, or renamed already.
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("the server's name stays as it is: {}", from);
        }
        return false;
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

    ServerCopy copy() throws MysqlException {
        boolean loaded =
                link.one(
                        "SELECT COUNT(*) FROM information_schema.PLUGINS"
                                + " WHERE PLUGIN_NAME = 'clone' AND PLUGIN_STATUS = 'ACTIVE'",
                        row -> row.getBoolean(1));
        if (!loaded) {
            return ServerCopy.UNKNOWN;
        }
        return link.one(
                "SELECT ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000),"
                        + " COALESCE(ROUND(UNIX_TIMESTAMP(s.BEGIN_TIME) * 1000), 0),"
                        + " COALESCE(s.STATE, '') = 'Completed',"
                        + " (SELECT COALESCE(MAX(ROUND(UNIX_TIMESTAMP(p.BEGIN_TIME) * 1000)), 0)"
                        + " FROM performance_schema.clone_progress p"
                        + " WHERE p.STAGE = 'DROP DATA')"
                        + " FROM (SELECT 1) this"
                        + " LEFT JOIN performance_schema.clone_status s ON TRUE",
                row ->
                        new ServerCopy(
                                row.getLong(1), row.getLong(2), row.getBoolean(3), row.getLong(4)));
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
