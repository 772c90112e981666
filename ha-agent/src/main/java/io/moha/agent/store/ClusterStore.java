package io.moha.agent.store;

import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.MemberRecord;

/**
 * One cluster's part of the store. Reads are linearizable, changes are transactions. Every method
 * blocks for at most its own timeout, and is safe to call from any thread.
 */
public interface ClusterStore extends AutoCloseable {

    /** The keys of this cluster. */
    ClusterKeys keys();

    /** Everything, of the history only the last record, at one revision. */
    ReadOutcome read();

    /** Does {@code change} wholly or not at all. */
    CommitOutcome commit(Change change);

    /**
     * Writes {@code member} under this agent's own lease, which is kept alive from then on; the key
     * goes when this agent is gone. Written again by itself should the lease have been lost.
     */
    CommitOutcome register(MemberRecord member);

    /** Takes the member's key away at once, as the agent is about to end. */
    void unregister();

    /**
     * Calls {@code onChange} soon after anything under the cluster's keys changed; may call without
     * a change and may miss one, so that a reader polls as well. Called from a thread of the
     * store's: it must not block. Called at most once, before the first use.
     */
    void watch(Runnable onChange);

    @Override
    void close();
}
