package io.moha.agent.decide;

import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncRecord;
import org.jspecify.annotations.Nullable;

/**
 * Everything one decision is based on.
 *
 * @param now when it was gathered
 * @param self who decides
 * @param snapshot of the store; null before its first answer
 * @param storeAnswers whether the last read of the store was answered by the one this node knows
 * @param forgotten what the store, as it last answered, has forgotten; null when nothing
 * @param lease the leader record as it stood still from here
 * @param tenure what this node holds itself; null when nothing
 * @param server its mysqld
 * @param busy the action that runs now; null when none does
 */
public record Observation(
        Moment now,
        Identity self,
        @Nullable ClusterSnapshot snapshot,
        boolean storeAnswers,
        @Nullable String forgotten,
        ObservedLease lease,
        @Nullable Tenure tenure,
        ServerView server,
        @Nullable String busy) {

    /** The leader record; null when it is missing or unknown. */
    public @Nullable LeaderRecord leader() {
        return snapshot == null ? null : snapshot.leaderRecord();
    }

    /** The sync record; null when it is missing or unknown. */
    public @Nullable SyncRecord sync() {
        return snapshot == null ? null : snapshot.syncRecord();
    }

    /**
     * Whether nobody can act as holder of the lead: it was given up by a server that can write no
     * more, or it stood still for its whole ttl, or there never was any.
     */
    public boolean vacant() {
        if (snapshot == null || tenure != null) {
            return false;
        }
        LeaderRecord leader = snapshot.leaderRecord();
        if (leader == null) {
            return snapshot.lastChange() == null;
        }
        boolean given = leader.state() == LeaderState.RELEASED && leader.releasedFenced();
        return given || lease.isExpired(now);
    }

    /** Whether this primary has fewer ackers connected than its record demands. */
    boolean shortOfAckers() {
        ServerFacts facts = server.facts();
        SyncRecord sync = sync();
        return facts != null && sync != null && facts.semiSync().clients() < sync.acks();
    }

    /** Whether the member {@code id} receives from this node, by its own report. */
    boolean receives(String id) {
        MemberRecord member = snapshot == null ? null : snapshot.members().get(id);
        return member != null
                && member.report().ioRunning()
                && self.address().equals(member.report().source());
    }
}
