package io.moha.agent.mysql;

import java.time.Duration;

/**
 * The agent's own mysqld. Every method blocks the calling thread, at most for the time it is given
 * or, where it is given none, the connection's timeout (1 s); each is safe to repeat. Not
 * thread-safe: each thread that needs one opens its own.
 */
public interface MysqlServer extends AutoCloseable {

    /** One look at everything. */
    ServerFacts look() throws MysqlException;

    /**
     * Prepares a just started server once: plugins for semi-sync and clone, the replication account
     * and the settings that a member needs. Leaves no trace in the binary log.
     */
    void prepare() throws MysqlException;

    /** super_read_only on; gives up and undoes after {@code limit}. */
    void setReadOnly(Duration limit) throws MysqlException;

    /** super_read_only and read_only off. */
    void setWritable() throws MysqlException;

    /** Ends every client connection but those of replication and of the agent. */
    void killClients() throws MysqlException;

    /** Waits until gtid_executed contains {@code gtids}; false when {@code limit} passed before. */
    boolean awaitExecuted(String gtids, Duration limit) throws MysqlException;

    /** Stops the receiver only, so that nothing more is acknowledged; the applier goes on. */
    void stopReceiver() throws MysqlException;

    /** Starts the applier only. */
    void startApplier() throws MysqlException;

    /** Starts receiver and applier. */
    void startReplica() throws MysqlException;

    /**
     * Makes this server receive from {@code host:port} by auto-position, as an acker or not, and
     * starts it. Does nothing when it already does. The caller has made sure that no relay log is
     * lost by it.
     */
    void follow(String host, int port, boolean acker) throws MysqlException;

    /** Stops replication into this server and forgets it. The relay log was applied before. */
    void stopFollowing() throws MysqlException;

    /**
     * Sets up semi-sync out of this server: AFTER_SYNC, never degrading, waiting for {@code acks}
     * replicas. With 0 it is switched off.
     */
    void setSemiSyncSource(int acks) throws MysqlException;

    /**
     * Commits one replicated heartbeat; false when it was not acknowledged within {@code limit}.
     */
    boolean commitHeartbeat(long epoch, Duration limit) throws MysqlException;

    /** Whether the server answers at all and can commit locally, in one cheap probe. */
    void probe(Duration limit) throws MysqlException;

    @Override
    void close();
}
