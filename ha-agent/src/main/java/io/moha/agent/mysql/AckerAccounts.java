package io.moha.agent.mysql;

import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The accounts by which receivers that acknowledge log in to this server, one for each node. A
 * receiver that was struck off the record while its agent is away connects again by itself and asks
 * to acknowledge, as it did before; only a locked account keeps it out.
 *
 * <p>As long as commits wait for no acknowledgement they are made through the binary log, for every
 * server ({@link #provide}). Whether they are locked is each server's own affair: nothing about
 * that is written to the binary log, so that a lock neither waits for an acknowledgement nor
 * reaches another server.
 */
final class AckerAccounts {

    private static final int LONGEST_NAME = 32;
    private static final String PAUSE = "DO SLEEP(0.01)";
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Ticker TICKER = Ticker.system();

    private final SqlLink link;
    private final ServerAccess access;

    AckerAccounts(SqlLink link, ServerAccess access) {
        this.link = link;
        this.access = access;
    }

    /** The account by which the node called {@code id} acknowledges to whoever is primary. */
    static String userOf(ServerAccess access, String id) {
        String name = access.replication().user() + "_" + id;
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        String end = "_%08x".formatted(sum.getValue());
        return name.substring(0, LONGEST_NAME - end.length()) + end;
    }

    /** What is in the way of a login with the account. */
    private enum Account {
        MISSING,
        LOCKED,
        USABLE
    }

    boolean isAdmitting(List<String> in, List<String> out) throws MysqlException {
        for (String id : in) {
            if (!id.equals(access.node()) && find(userOf(access, id)) != Account.USABLE) {
                return false;
            }
        }
        for (String id : out) {
            String user = userOf(access, id);
            if (find(user) == Account.USABLE || !sessions(user, 0).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    void provide(String id) throws MysqlException {
        String user = userOf(access, id);
        boolean mayWrite =
                link.one(
                        "SELECT NOT (@@GLOBAL.rpl_semi_sync_source_enabled OR"
                                + " @@GLOBAL.super_read_only)",
                        row -> row.getBoolean(1));
        if (!mayWrite) {
            return;
        }
        String account = SqlText.literal(user) + "@'%'";
        // This server may have it already and a replica not, or the other way round. What would
        // change nothing here is not always written to the binary log: 8.0 leaves out such a
        // CREATE USER IF NOT EXISTS, and the GRANT after it would stop the replica.
        link.execute("DROP USER IF EXISTS " + account, LIMIT);
        link.execute("CREATE USER IF NOT EXISTS " + account + identified(), LIMIT);
        link.execute("GRANT REPLICATION SLAVE ON *.* TO " + account, LIMIT);
    }

    private String identified() {
        return " IDENTIFIED BY "
                + SqlText.literal(access.replication().password().reveal())
                + (access.tls().required() ? " REQUIRE SSL" : "");
    }

    /** Lets the node called {@code id} log in to acknowledge. */
    void admit(String id) throws MysqlException {
        String user = userOf(access, id);
        if (find(user) == Account.USABLE) {
            return;
        }
        provide(id);
        if (find(user) == Account.USABLE) {
            return;
        }
        String account = SqlText.literal(user) + "@'%'";
        // Made anew, for the password may be another one by now.
        locally(
                List.of(
                        "DROP USER IF EXISTS " + account,
                        "CREATE USER " + account + identified(),
                        "GRANT REPLICATION SLAVE ON *.* TO " + account));
    }

    /**
     * Keeps the node called {@code id} from logging in to acknowledge, and ends the connections
     * that it has; fails with TIMEOUT when one is still there after a while.
     */
    void expel(String id) throws MysqlException {
        String user = userOf(access, id);
        if (find(user) == Account.USABLE) {
            locally(List.of("ALTER USER " + SqlText.literal(user) + "@'%' ACCOUNT LOCK"));
        }
        // Whoever is just logging in may have seen the account as it was before.
        long newest =
                link.one(
                        "SELECT COALESCE(MAX(PROCESSLIST_ID), 0) FROM performance_schema.threads",
                        row -> row.getLong(1));
        Moment until = TICKER.now().plus(LIMIT);
        while (true) {
            List<Session> left = sessions(user, newest);
            if (left.isEmpty()) {
                return;
            }
            if (!TICKER.now().isBefore(until)) {
                throw new MysqlException(Kind.TIMEOUT, user + " is still connected: " + left, null);
            }
            for (Session session : left) {
                if (session.loggedIn()) {
                    kill(session.id());
                }
            }
            link.execute(PAUSE);
        }
    }

    private record Session(long id, boolean loggedIn) {}

    private List<Session> sessions(String user, long newest) throws MysqlException {
        return link.query(
                "SELECT PROCESSLIST_ID, PROCESSLIST_USER IS NOT NULL"
                        + " FROM performance_schema.threads"
                        + " WHERE NAME = 'thread/sql/one_connection'"
                        + " AND PROCESSLIST_ID IS NOT NULL AND (PROCESSLIST_USER = "
                        + SqlText.literal(user)
                        + " OR (PROCESSLIST_USER IS NULL AND PROCESSLIST_ID <= "
                        + newest
                        + "))",
                row -> new Session(row.getLong(1), row.getBoolean(2)));
    }

    private void kill(long id) throws MysqlException {
        try {
            link.execute("KILL CONNECTION " + id);
        } catch (MysqlException failure) {
            if (!(failure.getCause() instanceof SQLException sql)
                    || sql.getErrorCode() != SqlFailures.NO_SUCH_THREAD) {
                throw failure;
            }
        }
    }

    private Account find(String user) throws MysqlException {
        List<Account> found =
                link.query(
                        "SELECT account_locked = 'N' AND Repl_slave_priv = 'Y' FROM mysql.user"
                                + " WHERE Host = '%' AND User = "
                                + SqlText.literal(user),
                        row -> row.getBoolean(1) ? Account.USABLE : Account.LOCKED);
        return found.isEmpty() ? Account.MISSING : found.getFirst();
    }

    /**
     * Executes {@code statements} without a trace in the binary log. With super_read_only a server
     * refuses them even so; read_only alone, which stays on meanwhile, keeps clients out as well,
     * but for administrators.
     */
    private void locally(List<String> statements) throws MysqlException {
        boolean closed = link.one("SELECT @@GLOBAL.super_read_only", row -> row.getBoolean(1));
        link.execute("SET SESSION sql_log_bin=0");
        try {
            if (closed) {
                link.execute("SET GLOBAL super_read_only=OFF");
            }
            for (String statement : statements) {
                link.execute(statement, LIMIT);
            }
        } finally {
            if (closed && link.isOpen()) {
                link.execute("SET GLOBAL super_read_only=ON", LIMIT);
            }
            restoreBinaryLog();
        }
    }

    private void restoreBinaryLog() {
        if (!link.isOpen()) {
            return;
        }
        try {
            link.execute("SET SESSION sql_log_bin=1");
        } catch (MysqlException failure) {
            // A connection without a binary log must not be used for anything else.
            link.drop();
        }
    }
}
