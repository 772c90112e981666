package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an election is decided by.
 *
 * @param sync whose acknowledgements counted until now
 * @param floor what the new primary must contain
 * @param lastPrimary the node that served last; null when the cluster never had a primary
 * @param voters who froze its relay log for this epoch, sorted by id
 * @param silent living members that could still vote and did not, sorted
 * @param lossAllowed whether the operator prefers a primary that lacks commits to none
 * @param patienceOver whether silent members were waited for long enough
 */
public record Ballot(
        SyncRecord sync,
        GtidSet floor,
        @Nullable String lastPrimary,
        List<Voter> voters,
        List<String> silent,
        boolean lossAllowed,
        boolean patienceOver) {

    /** Copies the lists. */
    public Ballot {
        voters = List.copyOf(voters);
        silent = List.copyOf(silent);
    }

    /** The ballot for the epoch that {@code leader} elects in, from what {@code seen} holds. */
    public static Ballot of(
            ClusterSnapshot seen,
            LeaderRecord leader,
            SyncRecord sync,
            boolean lossAllowed,
            boolean patienceOver) {
        List<Voter> voters = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (MemberRecord member : seen.members().values()) {
            NodeRole role = member.report().role();
            if (!sync.members().contains(member.id()) || role == NodeRole.QUARANTINED) {
                continue;
            }
            if (role == NodeRole.DOWN) {
                // Without its server it cannot say what it has, whatever it promised.
                continue;
            }
            if (member.report().promisedEpoch() == leader.epoch()) {
                voters.add(Voter.of(member, seen.priority(member), seen.neverPromote(member)));
            } else {
                silent.add(member.id());
            }
        }
        voters.sort(Comparator.comparing(Voter::id));
        silent.sort(Comparator.naturalOrder());
        return new Ballot(
                sync,
                GtidSet.parse(leader.floor()),
                seen.lastPrimary(),
                voters,
                silent,
                lossAllowed,
                patienceOver);
    }
}
