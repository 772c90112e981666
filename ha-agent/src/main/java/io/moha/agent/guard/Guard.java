package io.moha.agent.guard;

import java.time.Duration;

/**
 * The agent's side of the guard, a separate tiny process that is mysqld's parent. The guard
 * outlives the agent; it kills mysqld with SIGKILL at the deadline last given, and mysqld dies with
 * it. All times are readings of the machine's clock that includes suspend ({@code /proc/uptime}),
 * so that agent and guard mean the same point. Thread-safe; no method blocks for longer than 100 ms
 * unless it says so.
 */
public interface Guard extends AutoCloseable {

    /** What the guard last said. */
    GuardStatus status();

    /**
     * Calls {@code listener} on each change of the status, from one thread of the guard's client.
     */
    void onChange(Runnable listener);

    /**
     * Starts mysqld when it is not running: always read-only, with replication not started and no
     * deadline. The status tells when it runs.
     */
    void startMysqld();

    /**
     * Lets mysqld live until {@code deadlineMillis} on the boot clock as holder of {@code epoch}.
     * The guard ignores a deadline for an epoch below the highest it has seen, and any for an epoch
     * that it fenced.
     */
    void extend(long epoch, long deadlineMillis);

    /** The node is no longer primary and its mysqld is read-only: no deadline applies. */
    void disarm(long epoch);

    /**
     * Kills mysqld with SIGKILL, now, whatever its state, and remembers {@code epoch} as fenced.
     * The status says DEAD once the process is confirmed gone.
     */
    void kill(long epoch, String reason);

    /**
     * Stops a read-only mysqld in an orderly way (SIGTERM), killing it after {@code patience}, then
     * ends the guard. Never used on a server that is being fenced. Blocks until the guard is gone.
     * A mysqld that somebody else started is left running, without a guard.
     */
    void shutdown(Duration patience);

    /** The boot clock now, in milliseconds: the clock of every deadline. */
    long bootMillis();

    /** Lets go of the guard without touching it or mysqld. */
    @Override
    void close();
}
