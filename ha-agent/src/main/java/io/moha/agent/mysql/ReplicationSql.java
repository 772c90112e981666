package io.moha.agent.mysql;

import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.agent.mysql.ServerFacts.ReplicaFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replication into the server, over its default channel. */
final class ReplicationSql {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicationSql.class);

    /** Stopping waits for what the thread is just doing. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SqlLink link;
    private final ServerAccess access;
    private final SemiSyncSql semiSync;

    ReplicationSql(SqlLink link, ServerAccess access, SemiSyncSql semiSync) {
        this.link = link;
        this.access = access;
        this.semiSync = semiSync;
    }

    /**
     * SHOW REPLICA STATUS.
     *
     * @param facts what it says, with Seconds_Behind_Source for the lag
     * @param retrieved Retrieved_Gtid_Set without white space
     * @param executed Executed_Gtid_Set without white space
     * @param user that it connects as
     * @param autoPosition whether it asks for what it lacks, rather than for a file position
     * @param ssl whether it demands TLS
     * @param receiverError Last_IO_Errno; 0 when none
     */
    record Status(
            ReplicaFacts facts,
            String retrieved,
            String executed,
            String user,
            boolean autoPosition,
            boolean ssl,
            int receiverError) {

        /** What was received and not applied. */
        GtidSet undrained() {
            return GtidSet.parse(retrieved).subtract(GtidSet.parse(executed));
        }
    }

    /** How replication is set up and goes; empty when there is none. */
    Optional<Status> status() throws MysqlException {
        return link.query("SHOW REPLICA STATUS", ReplicationSql::read).stream().findFirst();
    }

    void startReceiver() throws MysqlException {
        link.execute("START REPLICA IO_THREAD FOR CHANNEL ''", LIMIT);
    }

    void stopReceiver() throws MysqlException {
        if (status().isPresent()) {
            link.execute("STOP REPLICA IO_THREAD FOR CHANNEL ''", LIMIT);
        }
    }

    void startApplier() throws MysqlException {
        link.execute("START REPLICA SQL_THREAD FOR CHANNEL ''", LIMIT);
    }

    /** Starts both threads, with the right to acknowledge if that is switched on. */
    void start() throws MysqlException {
        start(semiSync.isReplicaEnabled());
    }

    /**
     * Starts both threads. The name given here is kept for as long as the receiver runs, also when
     * it connects again by itself, and forgotten when it stops: without an agent no receiver is
     * started that could acknowledge.
     */
    private void start(boolean acker) throws MysqlException {
        Optional<Status> now = status();
        boolean receives =
                now.isPresent()
                        && (now.get().facts().ioRunning() || now.get().facts().ioConnecting());
        if (!receives) {
            String as =
                    acker
                            ? " USER="
                                    + SqlText.literal(AckerAccounts.userOf(access, access.node()))
                                    + " PASSWORD="
                                    + SqlText.literal(access.replication().password().reveal())
                            : "";
            link.execute("START REPLICA IO_THREAD" + as + " FOR CHANNEL ''", LIMIT);
        }
        startApplier();
    }

    void follow(String host, int port, boolean acker) throws MysqlException {
        Optional<Status> now = status();
        if (now.isEmpty() || !isSetUpFor(now.get(), host, port)) {
            if (now.isPresent()) {
                stopDrained();
            }
            semiSync.setReplicaEnabled(acker);
            link.execute(changeSource(host, port), LIMIT);
            LOGGER.atInfo()
                    .addKeyValue("source", host + ":" + port)
                    .addKeyValue("acker", acker)
                    .log("receives from another source");
            start(acker);
            return;
        }
        if (semiSync.isReplicaEnabled() != acker) {
            // The receiver says whether it acknowledges when it connects, and never again.
            stopReceiver();
            semiSync.setReplicaEnabled(acker);
            start(acker);
        } else if (!isStarted(now.get().facts())) {
            start(acker);
        }
    }

    boolean knock() throws MysqlException {
        Optional<Status> now = status();
        if (now.isEmpty() || !now.get().facts().ioConnecting()) {
            return false;
        }
        int error = now.get().receiverError();
        if (SqlFailures.isTurnedAway(error)) {
            stopReceiver();
            start();
            return true;
        }
        return error == 0;
    }

    void forgetDrained() throws MysqlException {
        if (status().isPresent()) {
            stopDrained();
            reset();
        }
    }

    void forget() throws MysqlException {
        link.execute("STOP REPLICA FOR CHANNEL ''", LIMIT);
        reset();
    }

    private void reset() throws MysqlException {
        // Changing the source and this are what purges relay logs.
        link.execute("RESET REPLICA ALL FOR CHANNEL ''", LIMIT);
    }

    /** Stops both threads, unless the relay log holds what is not applied. */
    private void stopDrained() throws MysqlException {
        link.execute("STOP REPLICA IO_THREAD FOR CHANNEL ''", LIMIT);
        Status stopped = status().orElseThrow();
        GtidSet undrained = stopped.undrained();
        if (!undrained.isEmpty()) {
            if (!stopped.facts().sqlRunning()) {
                startApplier();
            }
            throw new MysqlException(
                    Kind.REFUSED,
                    "the relay log still holds what is not applied: " + undrained,
                    null);
        }
        abandonTorn();
        link.execute("STOP REPLICA SQL_THREAD FOR CHANNEL ''", LIMIT);
    }

    /**
     * Frees the applier from a transaction of which only the beginning was received, as when the
     * source died while it sent it. Asked to stop, the applier waits a whole minute for the rest
     * (sql_slave_killed in the server's rpl_replica.cc); killed, it rolls back at once. Nobody was
     * told that such a transaction committed, because it could not be acknowledged here.
     */
    private void abandonTorn() throws MysqlException {
        boolean torn =
                !link.query(
                                "SELECT 1 FROM performance_schema.replication_connection_status"
                                        + " WHERE CHANNEL_NAME='' AND SERVICE_STATE='OFF'"
                                        + " AND QUEUEING_TRANSACTION<>''",
                                row -> row.getInt(1))
                        .isEmpty();
        if (!torn) {
            return;
        }
        LOGGER.atInfo().log("the applier holds the beginning of a transaction; killed");
        String coordinator =
                "SELECT PROCESSLIST_ID FROM performance_schema.threads"
                        + " WHERE NAME IN ('thread/sql/replica_sql','thread/sql/slave_sql')"
                        + " AND PROCESSLIST_ID IS NOT NULL";
        for (long id : link.query(coordinator, row -> row.getLong(1))) {
            link.execute("KILL " + id);
        }
    }

    private boolean isSetUpFor(Status status, String host, int port) {
        return status.facts().sourceHost().equals(host)
                && status.facts().sourcePort() == port
                && isOurs(status.user())
                && status.autoPosition()
                && status.ssl() == access.tls().required();
    }

    /** A running receiver shows the name that it was started with. */
    private boolean isOurs(String user) {
        return user.equals(access.replication().user())
                || user.equals(AckerAccounts.userOf(access, access.node()));
    }

    private static boolean isStarted(ReplicaFacts facts) {
        return (facts.ioRunning() || facts.ioConnecting()) && facts.sqlRunning();
    }

    private String changeSource(String host, int port) {
        StringBuilder sql = new StringBuilder("CHANGE REPLICATION SOURCE TO SOURCE_HOST=");
        sql.append(SqlText.literal(host)).append(", SOURCE_PORT=").append(port);
        sql.append(", SOURCE_USER=").append(SqlText.literal(access.replication().user()));
        sql.append(", SOURCE_PASSWORD=")
                .append(SqlText.literal(access.replication().password().reveal()));
        sql.append(", SOURCE_AUTO_POSITION=1, SOURCE_HEARTBEAT_PERIOD=1, SOURCE_CONNECT_RETRY=1");
        // Since 8.4 a replica gives up after 10 attempts if it is not told otherwise.
        sql.append(", SOURCE_RETRY_COUNT=2000000000, GET_SOURCE_PUBLIC_KEY=1, SOURCE_DELAY=0");
        sql.append(", SOURCE_SSL=").append(access.tls().required() ? 1 : 0);
        if (access.tls().ca() != null) {
            sql.append(", SOURCE_SSL_CA=").append(SqlText.literal(access.tls().ca().toString()));
        }
        return sql.append(" FOR CHANNEL ''").toString();
    }

    private static Status read(ResultSet row) throws SQLException {
        String io = text(row.getString("Replica_IO_Running"));
        String ioError = text(row.getString("Last_IO_Error"));
        String sqlError = text(row.getString("Last_SQL_Error"));
        long seconds = row.getLong("Seconds_Behind_Source");
        long lagMs = row.wasNull() ? -1 : Duration.ofSeconds(seconds).toMillis();
        ReplicaFacts facts =
                new ReplicaFacts(
                        text(row.getString("Source_Host")),
                        row.getInt("Source_Port"),
                        io.equals("Yes"),
                        io.equals("Connecting"),
                        text(row.getString("Replica_SQL_Running")).equals("Yes"),
                        lagMs,
                        sqlError.isEmpty() ? ioError : sqlError,
                        sqlError);
        return new Status(
                facts,
                ServerFactsSql.compact(row.getString("Retrieved_Gtid_Set")),
                ServerFactsSql.compact(row.getString("Executed_Gtid_Set")),
                text(row.getString("Source_User")),
                row.getBoolean("Auto_Position"),
                text(row.getString("Source_SSL_Allowed")).equals("Yes"),
                row.getInt("Last_IO_Errno"));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
