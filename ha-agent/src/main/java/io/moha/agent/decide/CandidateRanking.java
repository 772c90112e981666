package io.moha.agent.decide;

import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * In which order members step forward to run an election, so that they seldom collide. Any of them
 * may, at any time: this is for speed and never for safety.
 */
public final class CandidateRanking {

    private static final Duration STEP = Duration.ofMillis(150);

    private CandidateRanking() {}

    /** How long {@code self} leaves the election to others first. */
    public static Duration headStart(ClusterSnapshot seen, SyncRecord sync, String self) {
        List<String> order =
                seen.members().values().stream()
                        .filter(member -> sync.members().contains(member.id()))
                        .filter(member -> canRun(member) || member.id().equals(self))
                        .sorted(preference(seen, sync))
                        .map(MemberRecord::id)
                        .toList();
        int rank = order.indexOf(self);
        return STEP.multipliedBy(rank < 0 ? order.size() : rank);
    }

    private static boolean canRun(MemberRecord member) {
        NodeRole role = member.report().role();
        return role == NodeRole.REPLICA || role == NodeRole.TRANSITION;
    }

    private static Comparator<MemberRecord> preference(ClusterSnapshot seen, SyncRecord sync) {
        return Comparator.<MemberRecord, Boolean>comparing(seen::neverPromote)
                .thenComparing(member -> !sync.ackers().contains(member.id()))
                .thenComparing(Comparator.<MemberRecord>comparingInt(seen::priority).reversed())
                .thenComparing(MemberRecord::id);
    }
}
