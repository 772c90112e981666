package io.moha.agent.mysql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The agent's own mysqld. Every method blocks the calling thread, at most for the time it is given
 * or, where it is given none, for 1 s; those that start or stop replication for 5 s. Each is safe
 * to repeat. Not thread-safe: each thread that needs one opens its own. A connection is made when
 * one is needed, and again after it was lost.
 */
public interface MysqlServer extends AutoCloseable {

    /** One look at everything. */
    ServerFacts look() throws MysqlException;

    /** How semi-sync out of this server goes; a part of {@link #look}. */
    ServerFacts.SemiSyncFacts semiSync() throws MysqlException;

    /** gtid_executed alone, without white space: the quickest look there is. */
    String executed() throws MysqlException;

    /**
     * Prepares a just started server: every setting that a member needs and that can be changed
     * while it runs. Works on a read-only server and leaves no trace in the binary log.
     */
    void prepare() throws MysqlException;

    /**
     * What is wrong with the server's configuration and cannot be changed while it runs, a sentence
     * each, for people. Empty when all is well.
     */
    List<String> problems() throws MysqlException;

    /**
     * Makes the connections now that {@link #setReadOnly} and {@link #commitHeartbeat} need, and
     * keeps them, so that those take no longer than they must.
     */
    void warm() throws MysqlException;

    /**
     * super_read_only on. When that took longer than {@code limit} it is given up and undone, and
     * the exception (TIMEOUT) names what blocked it; at most another second passes until then.
     */
    void setReadOnly(Duration limit) throws MysqlException;

    /** Client connections in whose statements {@link #setReadOnly} would have to wait now. */
    List<ClientConnection> readOnlyBlockers() throws MysqlException;

    /**
     * What keeps this primary from being made read-only soon, or would be cut off by it: long
     * transactions and statements, changes of definitions, locks of the whole server, prepared XA
     * transactions.
     */
    List<Blocker> blockers() throws MysqlException;

    /** Ends the client connection {@code connection}, if it is still there. */
    void kill(long connection) throws MysqlException;

    /** super_read_only and read_only off. */
    void setWritable() throws MysqlException;

    /** Every client connection but those of replication and of this process. */
    List<ClientConnection> clients() throws MysqlException;

    /** Ends those of {@link #clients} that have a transaction open. */
    void killTransactions() throws MysqlException;

    /** Ends every connection that {@link #clients} would name. */
    void killClients() throws MysqlException;

    /**
     * Begins a new file of the binary log, so that replicas which come to this server need not be
     * read all of the present one before they can acknowledge.
     */
    void rotateLog() throws MysqlException;

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
     * starts it. As an acker it gets in only where it was admitted. Does nothing when it already
     * does. Receiving from another source would throw the relay log away, so that is refused
     * (REFUSED, receiver stopped, applier running) while anything received is not applied: await
     * {@link ServerFacts#retrieved} and repeat.
     */
    void follow(String host, int port, boolean acker) throws MysqlException;

    /**
     * Whether the receiver is on its way in: it connects, or its source turned it away because it
     * does not admit it yet. In that case it is started again at once, for by itself it would wait
     * for a whole second.
     */
    boolean knock() throws MysqlException;

    /**
     * Stops replication into this server and forgets it. Refused as {@link #follow} is while
     * anything received is not applied.
     */
    void stopFollowing() throws MysqlException;

    /**
     * Stops replication into this server and forgets it with everything received and not applied.
     * The caller has made sure that somebody else has all of that.
     */
    void discardRelayLog() throws MysqlException;

    /**
     * Sets up semi-sync out of this server: AFTER_SYNC, never degrading, waiting for {@code acks}
     * replicas. With 0 it is switched off.
     */
    void setSemiSyncSource(int acks) throws MysqlException;

    /** Whether all of {@code in} are admitted, and all of {@code out} are expelled. */
    boolean isAdmitting(List<String> in, List<String> out) throws MysqlException;

    /**
     * Makes the account by which the node called {@code node} would acknowledge, here and on every
     * replica, so that none is missing when a server has no time for it. Does nothing on a
     * read-only server, nor while commits wait for acknowledgements: whoever logs in would wait as
     * well.
     */
    void provide(String node) throws MysqlException;

    /**
     * Lets the receiver of the node called {@code node} log in here to acknowledge. Only this
     * server knows of it; on a read-only one administrators are let in for a moment.
     */
    void admit(String node) throws MysqlException;

    /**
     * Ends what the node called {@code node} receives from here to acknowledge, and keeps it from
     * connecting for that again, whatever it does, until it is admitted; 5 s at most. What it sent
     * before may still count, so a barrier commit has to follow. Receiving without acknowledging
     * stays possible.
     */
    void expel(String node) throws MysqlException;

    /**
     * Ends the connections over which replicas acknowledge. Who is admitted connects again by
     * itself, who was expelled stays away.
     */
    void dropAckers() throws MysqlException;

    /** Who receives from this server now, and who of them acknowledges. */
    List<ConnectedReplica> connectedReplicas() throws MysqlException;

    /**
     * Commits one replicated heartbeat; false when it was not acknowledged within {@code limit}.
     * Acknowledgements are positional, so it is also the barrier: after true, everything committed
     * before is acknowledged as well. One that was not acknowledged goes on waiting in the server;
     * up to eight may, and this then waits for one of them first.
     */
    boolean commitHeartbeat(long epoch, Duration limit) throws MysqlException;

    /**
     * Whether the server answers at all and, if it is writable, can commit to its disk without
     * waiting for any replica; in one cheap probe that no GTID is spent on. Fails when not.
     */
    void probe(Duration limit) throws MysqlException;

    /**
     * Throws all data of this server away and copies that of {@code host:port} instead, then ends
     * the server, which has to be started again. Blocks for as long as the copy takes, at most for
     * {@code limit}.
     */
    void cloneFrom(String host, int port, Duration limit) throws MysqlException;

    /**
     * What became of the last {@link #cloneFrom}. CLONE drops what there was first, and forgets
     * which transactions that were only later, so that after one that ended half-way the sets of
     * GTIDs say nothing.
     */
    ServerCopy copy() throws MysqlException;

    /**
     * The files of the binary log, oldest first, then those of the relay log, as paths on the
     * server's machine.
     */
    List<Path> binaryLogs() throws MysqlException;

    @Override
    void close();
}
