package io.moha.agent.mysql;

import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Semi-synchronous replication, both ends; the plugins' names are those of 8.0.26 and newer. */
final class SemiSyncSql {

    // Every way in which the wait ends without an acknowledgement commits and answers OK, so it
    // must not end. The server's own maximum is near 2^64.
    private static final long NEVER_MS = 1_000_000_000_000_000_000L;

    private final SqlLink link;

    SemiSyncSql(SqlLink link) {
        this.link = link;
    }

    SemiSyncFacts facts() throws MysqlException {
        Settings settings = settings();
        Map<String, String> found = new HashMap<>();
        link.query(
                "SHOW GLOBAL STATUS LIKE 'rpl\\_semi\\_sync\\_source\\_%'",
                row -> found.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2)));
        return new SemiSyncFacts(
                settings.sourceEnabled(),
                "ON".equalsIgnoreCase(found.getOrDefault("rpl_semi_sync_source_status", "OFF")),
                number(found, "rpl_semi_sync_source_clients"),
                settings.waitCount(),
                number(found, "rpl_semi_sync_source_wait_sessions"),
                settings.replicaEnabled(),
                settings.lasting());
    }

    private record Settings(
            boolean sourceEnabled, int waitCount, boolean replicaEnabled, boolean lasting) {}

    private Settings settings() throws MysqlException {
        try {
            return link.one(
                    "SELECT @@GLOBAL.rpl_semi_sync_source_enabled,"
                            + " @@GLOBAL.rpl_semi_sync_source_wait_for_replica_count,"
                            + " @@GLOBAL.rpl_semi_sync_replica_enabled,"
                            + " @@GLOBAL.rpl_semi_sync_source_timeout="
                            + NEVER_MS
                            + " AND @@GLOBAL.rpl_semi_sync_source_wait_no_replica"
                            + " AND @@GLOBAL.rpl_semi_sync_source_wait_point='AFTER_SYNC'",
                    row ->
                            new Settings(
                                    row.getBoolean(1),
                                    row.getInt(2),
                                    row.getBoolean(3),
                                    row.getBoolean(4)));
        } catch (MysqlException failure) {
            if (failure.getCause() instanceof SQLException sql
                    && sql.getErrorCode() == SqlFailures.UNKNOWN_VARIABLE) {
                // A plugin is missing, which is reported as a problem of the server.
                return new Settings(false, 0, false, false);
            }
            throw failure;
        }
    }

    void setSource(int acks) throws MysqlException {
        if (acks == 0) {
            link.execute("SET GLOBAL rpl_semi_sync_source_enabled=OFF");
            return;
        }
        // What keeps commits waiting comes before what makes them wait: one SET sets from left to
        // right, and clients wait for each round trip.
        link.execute(
                "SET GLOBAL rpl_semi_sync_source_timeout="
                        + NEVER_MS
                        + ", GLOBAL rpl_semi_sync_source_wait_no_replica=ON"
                        + ", GLOBAL rpl_semi_sync_source_wait_point=AFTER_SYNC"
                        + ", GLOBAL rpl_semi_sync_source_wait_for_replica_count="
                        + acks
                        + ", GLOBAL rpl_semi_sync_source_enabled=ON");
    }

    boolean isReplicaEnabled() throws MysqlException {
        return link.one("SELECT @@GLOBAL.rpl_semi_sync_replica_enabled", row -> row.getBoolean(1));
    }

    /** Takes effect when the receiver is started next. */
    void setReplicaEnabled(boolean enabled) throws MysqlException {
        link.execute("SET GLOBAL rpl_semi_sync_replica_enabled=" + (enabled ? "ON" : "OFF"));
    }

    /** The receiver tells its source about itself in user variables of its session. */
    List<ConnectedReplica> connected() throws MysqlException {
        return link.query(
                "SELECT MAX(IF(v.VARIABLE_NAME IN ('replica_uuid','slave_uuid'),"
                        + " CONVERT(v.VARIABLE_VALUE USING utf8mb4), NULL)), t.PROCESSLIST_HOST,"
                        + " MAX(v.VARIABLE_NAME = 'rpl_semi_sync_replica'"
                        + " AND v.VARIABLE_VALUE = '1')"
                        + " FROM performance_schema.threads t"
                        + " JOIN performance_schema.user_variables_by_thread v USING (THREAD_ID)"
                        + " WHERE t.PROCESSLIST_COMMAND LIKE 'Binlog Dump%'"
                        + " GROUP BY t.THREAD_ID, t.PROCESSLIST_HOST",
                row ->
                        new ConnectedReplica(
                                String.valueOf(row.getString(1)),
                                String.valueOf(row.getString(2)),
                                row.getBoolean(3)));
    }

    /** The connections over which replicas acknowledge. */
    List<Long> acknowledging() throws MysqlException {
        return link.query(
                "SELECT t.PROCESSLIST_ID FROM performance_schema.threads t"
                        + " JOIN performance_schema.user_variables_by_thread v USING (THREAD_ID)"
                        + " WHERE t.PROCESSLIST_COMMAND LIKE 'Binlog Dump%'"
                        + " AND v.VARIABLE_NAME = 'rpl_semi_sync_replica'"
                        + " AND v.VARIABLE_VALUE = '1'",
                row -> row.getLong(1));
    }

    private static int number(Map<String, String> found, String name) {
        return Integer.parseInt(found.getOrDefault(name, "0"));
    }
}
