package io.moha.agent.mysql;

import io.moha.agent.mysql.MysqlException.Kind;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Commits rows of its own: one that is replicated, to prove that commits are acknowledged, and one
 * that is not, to prove that the disk works.
 */
final class Heartbeat {

    // The server prints its replicated row into the binary log of every node, so there is one row.
    private static final String BEAT =
            "INSERT INTO moha.heartbeat (id, epoch, beat) VALUES (1, EPOCH, 1)"
                    + " ON DUPLICATE KEY UPDATE epoch = VALUES(epoch), beat = beat + 1";
    private static final String MAKE_SCHEMA = "CREATE DATABASE IF NOT EXISTS moha";
    private static final String MAKE_BEAT =
            "CREATE TABLE IF NOT EXISTS moha.heartbeat (id TINYINT PRIMARY KEY,"
                    + " epoch BIGINT NOT NULL, beat BIGINT NOT NULL) ENGINE=InnoDB";
    private static final String PROBE =
            "INSERT INTO moha.local_probe (id, beat) VALUES (1, 1)"
                    + " ON DUPLICATE KEY UPDATE beat = beat + 1";
    private static final String MAKE_PROBE =
            "CREATE TABLE IF NOT EXISTS moha.local_probe (id TINYINT PRIMARY KEY,"
                    + " beat BIGINT NOT NULL) ENGINE=InnoDB";
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final SqlLink link;
    // A commit that waits for an acknowledgement cannot be broken off, so it needs a connection
    // that can be left behind.
    private final SqlLink beating;
    private long waiting;

    Heartbeat(SqlLink link) {
        this.link = link;
        this.beating = link.another();
    }

    boolean commit(long epoch, Duration limit) throws MysqlException {
        Duration own = limit;
        if (waiting != 0) {
            own = limit.dividedBy(2);
            if (!awaitEarlier(own)) {
                return false;
            }
            waiting = 0;
        }
        long id = beating.id();
        try {
            beat(epoch, own);
            return true;
        } catch (MysqlException failure) {
            if (failure.kind() != Kind.TIMEOUT) {
                throw failure;
            }
            // Still connected: the server itself gave up, on a lock, and nothing waits.
            waiting = beating.isOpen() ? 0 : id;
            return false;
        }
    }

    void probe(Duration limit) throws MysqlException {
        boolean readOnly =
                link.query("SELECT @@GLOBAL.super_read_only", limit, row -> row.getBoolean(1))
                        .getFirst();
        if (readOnly) {
            return;
        }
        // Without a binary log there is no GTID, no semi-sync and nothing to diverge by: the table
        // is every node's own.
        link.execute("SET SESSION sql_log_bin=0", limit);
        try {
            link.execute(PROBE, limit);
        } catch (MysqlException failure) {
            if (!lacksTable(failure)) {
                throw failure;
            }
            link.execute(MAKE_SCHEMA, limit);
            link.execute(MAKE_PROBE, limit);
            link.execute(PROBE, limit);
        } finally {
            restoreBinaryLog(limit);
        }
    }

    void close() {
        beating.close();
    }

    private void restoreBinaryLog(Duration limit) {
        if (!link.isOpen()) {
            return;
        }
        try {
            link.execute("SET SESSION sql_log_bin=1", limit);
        } catch (MysqlException failure) {
            // A connection without a binary log must not be used for anything else.
            link.drop();
        }
    }

    private void beat(long epoch, Duration limit) throws MysqlException {
        String sql = BEAT.replace("EPOCH", Long.toString(epoch));
        try {
            beating.execute(sql, limit);
        } catch (MysqlException failure) {
            if (!lacksTable(failure)) {
                throw failure;
            }
            beating.execute(MAKE_SCHEMA, limit);
            beating.execute(MAKE_BEAT, limit);
            beating.execute(sql, limit);
        }
    }

    /** Waits for a heartbeat that was left behind; false when it is still not through. */
    private boolean awaitEarlier(Duration limit) throws MysqlException {
        long rounds = Math.max(1, limit.dividedBy(LOOK_EVERY));
        for (long round = 0; round < rounds; round++) {
            boolean there =
                    link.one(
                            "SELECT COUNT(*), SLEEP("
                                    + LOOK_EVERY.toMillis() / 1_000.0
                                    + ") FROM performance_schema.threads WHERE PROCESSLIST_ID = "
                                    + waiting,
                            row -> row.getLong(1) > 0);
            if (!there) {
                return true;
            }
        }
        return false;
    }

    private static boolean lacksTable(MysqlException failure) {
        return failure.getCause() instanceof SQLException sql
                && (sql.getErrorCode() == SqlFailures.NO_SUCH_TABLE
                        || sql.getErrorCode() == SqlFailures.UNKNOWN_DATABASE);
    }
}
