package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything an election is decided by.
 *
 * @param sync whose acknowledgements counted until now
 * @param floor what the new primary must contain
 * @param lastPrimary the node that served last; null when the cluster never had a primary
 * @param former the UUIDs that the living members' servers have or had before they became copies,
 *     but that of {@code lastPrimary}'s: what bears one of them was written before the last primary
 *     began, if by any primary at all
 * @param voters who froze its relay log for this epoch, sorted by id
 * @param silent living members that could still vote and did not, sorted
 * @param lossAllowed whether the operator prefers a primary that lacks commits to none
 * @param patienceOver whether silent members were waited for long enough
 */
public record Ballot(
        SyncRecord sync,
        GtidSet floor,
        @Nullable String lastPrimary,
        Set<String> former,
        List<Voter> voters,
        List<String> silent,
        boolean lossAllowed,
        boolean patienceOver) {

    /** Copies the collections. */
    public Ballot {
        former = Set.copyOf(former);
        voters = List.copyOf(voters);
        silent = List.copyOf(silent);
    }

    private static Set<String> former(ClusterSnapshot seen) {
        HistoryRecord change = seen.lastChange();
        if (change == null) {
            return Set.of();
        }
        Set<String> uuids = new HashSet<>();
        for (MemberRecord member : seen.members().values()) {
            uuids.add(member.serverUuid());
            List<String> before = member.formerUuids();
            uuids.addAll(before == null ? List.of() : before);
        }
        MemberRecord last = seen.members().get(change.to());
        uuids.remove(last == null ? "" : last.serverUuid());
        // Its member record goes with its host, and somebody may bear its name of then.
        uuids.remove(change.serverUuid() == null ? "" : change.serverUuid());
        uuids.remove("");
        return uuids;
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
                former(seen),
                voters,
                silent,
                lossAllowed,
                patienceOver);
    }
}
