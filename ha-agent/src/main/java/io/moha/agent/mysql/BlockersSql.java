package io.moha.agent.mysql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of making a primary read-only. Short statements and transactions do not:
 * they are waited for.
 */
final class BlockersSql {

    /** A statement that writes for so long is not expected to end in time. */
    private static final long LONG_STATEMENT_SECONDS = 2;

    /** A transaction that is open for so long is not expected to end in time. */
    private static final long LONG_TRANSACTION_SECONDS = 5;

    // Who holds what, by the server's own book of its locks. A definition that changes holds the
    // BACKUP LOCK; FLUSH TABLES WITH READ LOCK holds GLOBAL shared, a statement that writes as
    // intention; LOCK INSTANCE FOR BACKUP and CLONE hold the BACKUP LOCK shared.
    private static final String LOCKS =
            "SELECT m.OBJECT_TYPE, m.LOCK_TYPE, t.PROCESSLIST_ID, t.PROCESSLIST_USER,"
                    + " t.PROCESSLIST_HOST, t.PROCESSLIST_TIME"
                    + " FROM performance_schema.metadata_locks m"
                    + " JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID"
                    + " WHERE m.LOCK_STATUS='GRANTED'"
                    + " AND m.OBJECT_TYPE IN ('GLOBAL','BACKUP LOCK')"
                    + " AND t.PROCESSLIST_ID IS NOT NULL"
                    + " ORDER BY m.OBJECT_TYPE, t.PROCESSLIST_ID";

    private static final String TRANSACTIONS =
            "SELECT t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST,"
                    + " TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), x.trx_rows_modified"
                    + " FROM information_schema.innodb_trx x"
                    + " JOIN performance_schema.threads t"
                    + " ON t.PROCESSLIST_ID = x.trx_mysql_thread_id"
                    + " WHERE t.NAME='thread/sql/one_connection'"
                    + " AND x.trx_started <= NOW() - INTERVAL "
                    + LONG_TRANSACTION_SECONDS
                    + " SECOND ORDER BY x.trx_started";

    private final SqlLink link;

    BlockersSql(SqlLink link) {
        this.link = link;
    }

    private record Lock(
            String object, String type, long id, String user, String host, long seconds) {

        @Nullable String does() {
            boolean backup = object.equals("BACKUP LOCK");
            return switch (type) {
                case "SHARED" ->
                        backup
                                ? "keeps the instance locked for a backup or a clone"
                                : "holds the global read lock (FLUSH TABLES WITH READ LOCK)";
                case "INTENTION_EXCLUSIVE", "EXCLUSIVE" ->
                        backup
                                ? ofLong(1, "changes a definition (DDL)")
                                : ofLong(
                                        LONG_STATEMENT_SECONDS,
                                        "has been writing, or keeping tables locked,");
                default -> null;
            };
        }

        private @Nullable String ofLong(long least, String what) {
            return seconds < least ? null : what + " for " + seconds + " s";
        }
    }

    List<Blocker> list() throws MysqlException {
        Map<Long, Blocker> found = new LinkedHashMap<>();
        for (Lock lock : locks()) {
            String does = lock.does();
            if (does != null && !SqlLink.isOwn(lock.id())) {
                found.putIfAbsent(lock.id(), blocker(lock.id(), lock.user(), lock.host(), does));
            }
        }
        for (Blocker transaction : transactions()) {
            if (!SqlLink.isOwn(transaction.connection())) {
                found.putIfAbsent(transaction.connection(), transaction);
            }
        }
        List<Blocker> all = new ArrayList<>(found.values());
        all.addAll(prepared());
        return all;
    }

    private List<Lock> locks() throws MysqlException {
        return link.query(
                LOCKS,
                row ->
                        new Lock(
                                row.getString(1).toUpperCase(Locale.ROOT),
                                row.getString(2),
                                row.getLong(3),
                                String.valueOf(row.getString(4)),
                                String.valueOf(row.getString(5)),
                                row.getLong(6)));
    }

    private List<Blocker> transactions() throws MysqlException {
        return link.query(
                TRANSACTIONS,
                row ->
                        blocker(
                                row.getLong(1),
                                String.valueOf(row.getString(2)),
                                String.valueOf(row.getString(3)),
                                "has had a transaction open for %d s (%d rows changed)"
                                        .formatted(row.getLong(4), row.getLong(5))));
    }

    /** Prepared XA transactions outlive their connections, so there is nothing to KILL. */
    private List<Blocker> prepared() throws MysqlException {
        try {
            return link.query(
                    "XA RECOVER CONVERT XID",
                    row ->
                            new Blocker(
                                    0,
                                    "an XA transaction is prepared and not decided: "
                                            + row.getString(4)));
        } catch (MysqlException failure) {
            if (failure.getCause() instanceof SQLException sql
                    && sql.getErrorCode() == SqlFailures.XA_DENIED) {
                return List.of(
                        new Blocker(
                                0,
                                "the agent's account lacks XA_RECOVER_ADMIN, so XA transactions"
                                        + " cannot be looked for"));
            }
            throw failure;
        }
    }

    private static Blocker blocker(long id, String user, String host, String does) {
        return new Blocker(id, "connection " + id + " of " + user + "@" + host + " " + does);
    }
}
