package io.moha.agent.mysql;

import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Commits rows of its own: one that is replicated, to prove that commits are acknowledged, and one
 * that is not, to prove that the disk works.
 */
final class Heartbeat {

    private static final String BEAT =
            "INSERT INTO moha.heartbeat (id, epoch, beat) VALUES (SLOT, EPOCH, 1)"
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

    // Heartbeats that may wait for an acknowledgement at once. One alone could wait for ever: a
    // replica that begins to acknowledge does so only for what it receives from then on, so it
    // takes a new commit to release the old ones.
    private static final int SLOTS = 8;
    private static final String PAUSE = "DO SLEEP(0.01)";
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Ticker TICKER = Ticker.system();

    private final SqlLink link;
    // A commit that waits for an acknowledgement cannot be broken off, so it needs a connection
    // that can be left behind.
    private final SqlLink beating;
    // Connection that waits with its heartbeat, by slot; 0 for none. A waiting commit holds the
    // lock of its row, so each slot is a row of its own.
    private final long[] waiting = new long[SLOTS];

    Heartbeat(SqlLink link) {
        this.link = link;
        this.beating = link.another();
    }

    boolean commit(long epoch, Duration limit) throws MysqlException {
        Moment until = TICKER.now().plus(limit);
        int slot = freeSlot();
        while (slot < 0) {
            if (!TICKER.now().isBefore(until)) {
                return false;
            }
            link.execute(PAUSE);
            slot = freeSlot();
        }
        long id = beating.id();
        Duration left = until.since(TICKER.now());
        try {
            beat(slot, epoch, left.isPositive() ? left : SHORTEST);
            return true;
        } catch (MysqlException failure) {
            if (failure.kind() != Kind.TIMEOUT) {
                throw failure;
            }
            // Still connected: the server itself gave up, on a lock, and nothing waits.
            waiting[slot] = beating.isOpen() ? 0 : id;
            return false;
        }
    }

    /** Connects now, so that a commit need not. */
    void warm() throws MysqlException {
        long _ = beating.id();
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
            if (failure.kind() == Kind.TIMEOUT) {
                throw explained(failure);
            }
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

    /** A server that somebody locked as a whole, as for a backup, does not hang. */
    private MysqlException explained(MysqlException failure) {
        try {
            List<Long> holders =
                    link.query(
                            "SELECT t.PROCESSLIST_ID FROM performance_schema.metadata_locks m"
                                    + " JOIN performance_schema.threads t"
                                    + " ON t.THREAD_ID = m.OWNER_THREAD_ID"
                                    + " WHERE m.OBJECT_TYPE IN ('GLOBAL','COMMIT')"
                                    + " AND m.LOCK_TYPE='SHARED' AND m.LOCK_STATUS='GRANTED'",
                            row -> row.getLong(1));
            return holders.isEmpty()
                    ? failure
                    : new MysqlException(
                            Kind.REFUSED, "locked as a whole by connections " + holders, failure);
        } catch (MysqlException unknown) {
            return failure;
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

    private void beat(int slot, long epoch, Duration limit) throws MysqlException {
        String sql =
                BEAT.replace("SLOT", Integer.toString(slot + 1))
                        .replace("EPOCH", Long.toString(epoch));
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

    /** A slot whose last heartbeat came through; negative when there is none. */
    private int freeSlot() throws MysqlException {
        if (Arrays.stream(waiting).anyMatch(id -> id != 0)) {
            String ids =
                    Arrays.stream(waiting)
                            .mapToObj(Long::toString)
                            .collect(Collectors.joining(","));
            List<Long> still =
                    link.query(
                            "SELECT PROCESSLIST_ID FROM performance_schema.threads"
                                    + " WHERE PROCESSLIST_ID IN ("
                                    + ids
                                    + ")",
                            row -> row.getLong(1));
            Arrays.setAll(waiting, slot -> still.contains(waiting[slot]) ? waiting[slot] : 0);
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            if (waiting[slot] == 0) {
                return slot;
            }
        }
        return -1;
    }

    private static boolean lacksTable(MysqlException failure) {
        return failure.getCause() instanceof SQLException sql
                && (sql.getErrorCode() == SqlFailures.NO_SUCH_TABLE
                        || sql.getErrorCode() == SqlFailures.UNKNOWN_DATABASE);
    }
}
