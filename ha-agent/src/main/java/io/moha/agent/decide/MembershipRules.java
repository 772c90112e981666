package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which node that was not declared at the bootstrap joins the cluster. Whoever starts an agent with
 * the cluster's name and credentials wants that; but a server with data of its own is nobody's
 * replica, and following would make it lose them.
 */
final class MembershipRules {

    private MembershipRules() {}

    /**
     * The next node to admit. More members make elections only stricter, and an election under way
     * is decided against the revision of the record that it looked at.
     *
     * @param executed of the primary, which asks
     */
    static Optional<String> newcomer(ClusterSnapshot seen, SyncRecord sync, String executed) {
        GtidSet ours = GtidSet.parse(executed);
        return seen.members().values().stream()
                .filter(member -> !sync.members().contains(member.id()))
                .filter(member -> member.report().role() == NodeRole.TRANSITION)
                .filter(member -> isAlone(seen, member))
                .filter(member -> ours.contains(GtidSet.parse(member.report().executed())))
                .map(MemberRecord::id)
                .min(Comparator.naturalOrder());
    }

    /**
     * A copy of another node's data directory has that one's UUID, or one that it had, and
     * replication needs two.
     */
    private static boolean isAlone(ClusterSnapshot seen, MemberRecord member) {
        return !member.serverUuid().isEmpty()
                && seen.members().values().stream()
                        .filter(other -> other.hasBeen(member.serverUuid()))
                        .allMatch(other -> other.id().equals(member.id()));
    }
}
