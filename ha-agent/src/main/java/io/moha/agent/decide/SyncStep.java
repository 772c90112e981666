package io.moha.agent.decide;

import io.moha.protocol.cluster.SyncMode;

/**
 * One small change of whose acknowledgements count. Each leaves the store's record at least as
 * strict as what the server really does, also when it is cut off half-way.
 */
public sealed interface SyncStep {

    /** Why, for people. */
    String reason();

    /** Nothing to change. */
    record None(String reason) implements SyncStep {}

    /**
     * Record {@code node} as acker, then admit it; it switches its acknowledging on when it sees
     * the record.
     */
    record Grow(String node, String reason) implements SyncStep {}

    /** Record {@code node}, which was not declared at the bootstrap, as a member. */
    record Admit(String node, String reason) implements SyncStep {}

    /** The record has {@code node}, and it does not connect: let its receiver log in again. */
    record Readmit(String node, String reason) implements SyncStep {}

    /**
     * Expel {@code node}, and after a barrier commit that the others acknowledged take it off the
     * record.
     */
    record Shrink(String node, String reason) implements SyncStep {}

    /** Make commits wait for acknowledgements, prove it by a barrier commit, then record SYNC. */
    record EnterSync(String reason) implements SyncStep {}

    /** Record that the primary serves without acknowledgements, then make the server do so. */
    record Degrade(SyncMode mode, String reason) implements SyncStep {}

    /** The store already allows it: make the server stop waiting for acknowledgements. */
    record Relax(String reason) implements SyncStep {}

    /** The store demands it: make the server wait for acknowledgements. */
    record Enforce(String reason) implements SyncStep {}
}
