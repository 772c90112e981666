package io.moha.agent.state;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows by heart.
 *
 * @param version of this record's shape, 1
 * @param clusterUuid of the cluster it belongs to; empty before it saw one
 * @param knownEpoch highest epoch that it saw in the store or froze for
 * @param servedEpoch highest epoch that it saw somebody win
 * @param frozenEpoch highest epoch that it froze its relay log for
 * @param syncRevision of the newest sync record that it saw in {@code knownEpoch}; null when none
 * @param emptied whether what it had acknowledged was thrown away for a copy of another node's
 *     data, and it has not caught up since; null when not
 * @param promise that it gave last; null when none
 * @param lead that it held last; null when none
 */
public record NodeState(
        int version,
        String clusterUuid,
        long knownEpoch,
        long servedEpoch,
        long frozenEpoch,
        @Nullable Long syncRevision,
        @Nullable Boolean emptied,
        @Nullable Promise promise,
        @Nullable Lead lead) {

    /** Of a node that knows nothing. */
    static NodeState empty() {
        return new NodeState(1, "", 0, 0, 0, null, null, null, null);
    }

    /**
     * A word to a primary that cannot reach the store: until then this node freezes for no later
     * epoch.
     *
     * @param epoch of the primary
     * @param holder id of the primary
     * @param boot of this machine in which the time is meant
     * @param untilMillis on the clock since that boot
     * @param ttlMs how long it was given for
     */
    public record Promise(long epoch, String holder, String boot, long untilMillis, long ttlMs) {}

    /**
     * The lead as this node last knew it to be in the store.
     *
     * @param record the leader record
     * @param revision of its key
     * @param sync who could be elected against it
     * @param sure whether {@code sync} is what the store has: no change of it is under way
     * @param peers where the agents of the other members answer, host:port by id
     */
    public record Lead(
            LeaderRecord record,
            long revision,
            SyncRecord sync,
            boolean sure,
            Map<String, String> peers) {

        /** Copies the map. */
        public Lead {
            peers = Map.copyOf(peers);
        }

        /** Whether {@code other} says the same, renewals aside. */
        boolean isLike(@Nullable Lead other) {
            return other != null
                    && record.epoch() == other.record().epoch()
                    && record.state() == other.record().state()
                    && record.incarnation().equals(other.record().incarnation())
                    && sync.equals(other.sync())
                    && sure == other.sure()
                    && peers.equals(other.peers());
        }
    }

    NodeState with(@Nullable Promise given) {
        return new NodeState(
                version,
                clusterUuid,
                knownEpoch,
                servedEpoch,
                frozenEpoch,
                syncRevision,
                emptied,
                given,
                lead);
    }

    /** Whether this node may lack what it had acknowledged. */
    public boolean isEmptied() {
        return Boolean.TRUE.equals(emptied);
    }

    NodeState emptied(boolean now) {
        return new NodeState(
                version,
                clusterUuid,
                knownEpoch,
                servedEpoch,
                frozenEpoch,
                syncRevision,
                now ? Boolean.TRUE : null,
                promise,
                lead);
    }

    NodeState with(@Nullable Lead held) {
        return new NodeState(
                version,
                clusterUuid,
                knownEpoch,
                servedEpoch,
                frozenEpoch,
                syncRevision,
                emptied,
                promise,
                held);
    }

    /** After this node froze for {@code epoch}. */
    NodeState frozen(long epoch) {
        return knowing(clusterUuid, epoch, servedEpoch, Math.max(epoch, frozenEpoch), null);
    }

    /** After {@code epoch} was seen in the store, and in it the sync record at {@code revision}. */
    NodeState saw(String cluster, long epoch, boolean served, long revision) {
        long won = served ? Math.max(epoch, servedEpoch) : servedEpoch;
        return knowing(cluster, epoch, won, frozenEpoch, revision);
    }

    private NodeState knowing(
            String cluster, long epoch, long served, long frozen, @Nullable Long revision) {
        Long seen = syncRevision;
        if (epoch > knownEpoch) {
            seen = revision;
        } else if (epoch == knownEpoch && revision != null) {
            seen = seen == null ? revision : Long.valueOf(Math.max(seen, revision));
        }
        return new NodeState(
                version,
                cluster,
                Math.max(epoch, knownEpoch),
                served,
                frozen,
                seen,
                emptied,
                promise,
                lead);
    }
}
