package io.moha.agent.mysql;

import io.moha.agent.mysql.MysqlException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the server read-only and writable.
 *
 * <p>{@code SET GLOBAL super_read_only=ON} takes the global read lock, then the commit lock: it
 * waits for every statement that writes and for every commit that is on its way, and while it waits
 * it keeps new ones out. A SET that is stuck is an outage of its own. {@code lock_wait_timeout}
 * bounds it, but only in whole seconds, so it gets a connection of its own and is killed from
 * outside when its time is up.
 */
final class ReadOnlySwitch {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReadOnlySwitch.class);
    private static final String ON = "SET GLOBAL super_read_only=ON";
    // Turning super_read_only on turns read_only on, but turning it off leaves that on.
    private static final String OFF = "SET GLOBAL read_only=OFF, GLOBAL super_read_only=OFF";
    // After KILL QUERY the waiting SET ends at once; this is for a server that is slow as well.
    private static final Duration KILL_TAKES = Duration.ofMillis(700);

    private final SqlLink link;
    // For the next SET: while it is made, clients wait already.
    private @Nullable SqlLink spare;

    ReadOnlySwitch(SqlLink link) {
        this.link = link;
    }

    boolean isOn() throws MysqlException {
        return link.one("SELECT @@GLOBAL.super_read_only", row -> row.getBoolean(1));
    }

    void off() throws MysqlException {
        link.execute(OFF);
    }

    void on(Duration limit) throws MysqlException {
        if (isOn()) {
            return;
        }
        try (SqlLink own = taken(limit)) {
            long id = own.id();
            CompletableFuture<@Nullable MysqlException> setting = start(own, limit);
            MysqlException failure = await(setting, limit);
            if (failure == null) {
                return;
            }
            throw givenUp(id, setting, failure);
        }
    }

    /** Makes the connection that {@link #on} needs now, so that it need not. */
    void warm() throws MysqlException {
        SqlLink kept = spare == null ? link.another() : spare;
        spare = kept;
        long _ = kept.id();
    }

    void close() {
        if (spare != null) {
            spare.close();
        }
    }

    /** A connection of its own for a SET that may take {@code limit}. */
    private SqlLink taken(Duration limit) throws MysqlException {
        SqlLink own = spare == null ? link.another() : spare;
        spare = null;
        long seconds = Math.max(1, limit.plusMillis(999).toSeconds());
        String timeout = "SET SESSION lock_wait_timeout=" + seconds;
        try {
            own.execute(timeout);
        } catch (MysqlException broken) {
            // One that was kept may have been ended by somebody meanwhile.
            own.close();
            own.execute(timeout);
        }
        return own;
    }

    /** Client connections whose running statement the SET would wait for. */
    List<ClientConnection> blockers() throws MysqlException {
        return link.query(
                "SELECT t.PROCESSLIST_ID, t.PROCESSLIST_USER, t.PROCESSLIST_HOST,"
                        + " t.PROCESSLIST_COMMAND, t.PROCESSLIST_TIME, t.PROCESSLIST_INFO"
                        + " FROM performance_schema.threads t"
                        + " WHERE t.THREAD_ID IN (SELECT OWNER_THREAD_ID"
                        + " FROM performance_schema.metadata_locks"
                        + " WHERE OBJECT_TYPE IN ('GLOBAL','COMMIT') AND LOCK_STATUS='GRANTED'"
                        + " AND LOCK_TYPE IN ('INTENTION_EXCLUSIVE','EXCLUSIVE'))"
                        + " AND t.PROCESSLIST_ID <> CONNECTION_ID()",
                Clients::read);
    }

    private static CompletableFuture<@Nullable MysqlException> start(SqlLink own, Duration limit) {
        CompletableFuture<@Nullable MysqlException> setting = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("set-read-only")
                .start(
                        () -> {
                            try {
                                own.execute(ON, limit.plus(KILL_TAKES).plus(KILL_TAKES));
                                setting.complete(null);
                            } catch (MysqlException failure) {
                                setting.complete(failure);
                            }
                        });
        return setting;
    }

    /** How the SET ended; null when it succeeded. */
    private static @Nullable MysqlException await(
            CompletableFuture<@Nullable MysqlException> setting, Duration limit) {
        try {
            return setting.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return new MysqlException(Kind.TIMEOUT, "not read-only within " + limit, late);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return new MysqlException(Kind.TIMEOUT, "interrupted", interrupt);
        } catch (ExecutionException impossible) {
            return new MysqlException(Kind.REFUSED, "not read-only", impossible);
        }
    }

    private MysqlException givenUp(
            long id, CompletableFuture<@Nullable MysqlException> setting, MysqlException failure)
            throws MysqlException {
        List<ClientConnection> blockers = blockers();
        kill("KILL QUERY " + id);
        boolean ended = setting.isDone();
        if (!ended) {
            try {
                setting.get(KILL_TAKES.toMillis(), TimeUnit.MILLISECONDS);
                ended = true;
            } catch (TimeoutException | InterruptedException | ExecutionException stuck) {
                LOGGER.atError().addKeyValue("connection", id).log("SET did not end when killed");
                kill("KILL CONNECTION " + id);
            }
        }
        // It may have come through in the very last moment.
        if (isOn()) {
            off();
        }
        return new MysqlException(
                failure.kind(),
                failure.getMessage()
                        + "; given up"
                        + (ended ? " and undone" : ", undone, but the SET may still be waiting")
                        + (blockers.isEmpty() ? "" : "; waited for " + blockers),
                failure);
    }

    private void kill(String statement) throws MysqlException {
        try {
            link.execute(statement);
        } catch (MysqlException failure) {
            if (failure.kind() != Kind.REFUSED) {
                throw failure;
            }
            LOGGER.atDebug().setCause(failure).log("nothing to kill");
        }
    }
}
