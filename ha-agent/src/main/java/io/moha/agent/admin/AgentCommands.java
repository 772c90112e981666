package io.moha.agent.admin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can ask an agent to do. Each method may block for as long as the store takes to
 * answer, and is called from any thread.
 */
public interface AgentCommands {

    /**
     * Asks for a planned change of primary.
     *
     * @param to the node to become primary; null leaves the choice to the primary
     * @param dryRun only say whether it could be done
     * @param timeout after which an operation that did not reach its commit point is abandoned
     */
    Outcome switchover(@Nullable String to, boolean dryRun, Duration timeout);

    /**
     * Orders a choice of primary although the cluster rightly refuses to make one. Blocks until it
     * is certain that no primary is alive, for a little longer than its lease.
     *
     * @param to the node to become primary; null for the one that has most
     * @param acceptLoss false only says exactly what would be lost, and does nothing
     */
    Outcome failover(@Nullable String to, boolean acceptLoss);

    /** Turns maintenance mode on: no automatic failover. */
    Outcome pause(String reason);

    /** Turns maintenance mode off. */
    Outcome resume();

    /**
     * Asks for a promise not to take part in any election after {@code epoch} of {@code holder} for
     * {@code ttl}. What other agents ask when they cannot reach the store.
     */
    Promised promise(long epoch, String holder, Duration ttl);

    /**
     * Asks to get ready for the switchover {@code operation}. What the old primary asks, while
     * clients still write.
     *
     * @return whether that is done; false also when {@code limit} passed, or when this node is not
     *     its target or has something else to do
     */
    boolean getReady(String operation, Duration limit);

    /**
     * Asks to apply all of {@code gtids} as target of a switchover in {@code epoch}. What the old
     * primary asks, while clients wait.
     *
     * @return whether that is done; false also when {@code limit} passed, or when this node is no
     *     such target
     */
    boolean catchUp(long epoch, String gtids, Duration limit);

    /**
     * The answer to a request for a promise.
     *
     * @param granted whether it is given
     * @param epoch highest epoch that this node knows
     */
    record Promised(boolean granted, long epoch) {}

    /**
     * What became of a request.
     *
     * @param accepted whether it was, or will be, carried out
     * @param message one sentence for people
     */
    record Outcome(boolean accepted, String message) {}
}
