package io.moha.agent.mysql;

import io.moha.agent.mysql.ServerFacts.ReplicaFacts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at everything. */
final class ServerFactsSql {

    private final SqlLink link;
    private final ReplicationSql replication;
    private final SemiSyncSql semiSync;
    private final DiskUse disk;

    ServerFactsSql(SqlLink link, ReplicationSql replication, SemiSyncSql semiSync) {
        this.link = link;
        this.replication = replication;
        this.semiSync = semiSync;
        this.disk = new DiskUse(link);
    }

    private record Basics(
            String uuid, String version, boolean readOnly, String executed, String purged) {}

    ServerFacts look() throws MysqlException {
        // Retrieved before executed: what is applied in between must not seem to be missing.
        Optional<ReplicationSql.Status> status = replication.status();
        Basics basics =
                link.one(
                        "SELECT @@server_uuid, @@version, @@GLOBAL.super_read_only,"
                                + " @@GLOBAL.gtid_executed, @@GLOBAL.gtid_purged",
                        row ->
                                new Basics(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getBoolean(3),
                                        compact(row.getString(4)),
                                        compact(row.getString(5))));
        return new ServerFacts(
                basics.uuid(),
                basics.version(),
                basics.readOnly(),
                basics.executed(),
                basics.purged(),
                status.map(ReplicationSql.Status::retrieved).orElse(""),
                status.isPresent() ? facts(status.get(), basics.executed()) : null,
                semiSync.facts(),
                disk.space());
    }

    String executed() throws MysqlException {
        return link.one("SELECT @@GLOBAL.gtid_executed", row -> compact(row.getString(1)));
    }

    /** A GTID set as servers print it, without its line ends; empty for null. */
    static String compact(@Nullable String gtids) {
        return gtids == null ? "" : gtids.replaceAll("\\s+", "");
    }

    private ReplicaFacts facts(ReplicationSql.Status status, String executed)
            throws MysqlException {
        ReplicaFacts said = status.facts();
        return new ReplicaFacts(
                said.sourceHost(),
                said.sourcePort(),
                said.ioRunning(),
                said.ioConnecting(),
                said.sqlRunning(),
                lagMs(status, executed),
                said.lastError(),
                said.applierError());
    }

    /**
     * How far behind in milliseconds: 0 when all that was received is applied, else the age of the
     * oldest transaction in work. Seconds_Behind_Source knows only whole seconds.
     */
    private long lagMs(ReplicationSql.Status status, String executed) throws MysqlException {
        ReplicaFacts said = status.facts();
        if (!said.ioRunning() || !said.sqlRunning()) {
            return -1;
        }
        if (GtidSet.parse(executed).contains(GtidSet.parse(status.retrieved()))) {
            return 0;
        }
        long oldest =
                link.one(
                        "SELECT COALESCE(MAX(TIMESTAMPDIFF(MICROSECOND,"
                                + " APPLYING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP, NOW(6))), 0)"
                                + " FROM performance_schema.replication_applier_status_by_worker"
                                + " WHERE APPLYING_TRANSACTION <> '' AND CHANNEL_NAME = ''",
                        row -> row.getLong(1));
        return Math.max(0, Math.max(oldest / 1_000, said.lagMs()));
    }
}
