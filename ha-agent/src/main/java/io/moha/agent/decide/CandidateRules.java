package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node does while nobody holds the lead. */
final class CandidateRules {

    /** What the last primary leaves to replicas, which are warm, before it resumes by itself. */
    private static final Duration RESUME_AFTER = Duration.ofMillis(500);

    private final Observation seen;
    private final Memory memory;
    private final ClusterSnapshot snapshot;
    private final SyncRecord sync;

    CandidateRules(Observation seen, Memory memory, ClusterSnapshot snapshot, SyncRecord sync) {
        this.seen = seen;
        this.memory = memory;
        this.snapshot = snapshot;
        this.sync = sync;
    }

    Decision decide(ServerFacts facts) {
        if (snapshot.pause() != null) {
            return new Decision.Blocked("no primary, and the cluster is paused");
        }
        LeaderRecord leader = snapshot.leaderRecord();
        if (leader == null) {
            return bootstrap(facts);
        }
        boolean last = seen.self().id().equals(snapshot.lastPrimary());
        Duration headStart =
                CandidateRanking.headStart(snapshot, sync, seen.self().id())
                        .plus(last ? RESUME_AFTER : Duration.ZERO);
        Moment since = memory.vacantSince();
        Duration waited = since == null ? Duration.ZERO : seen.now().since(since);
        if (waited.compareTo(headStart) < 0) {
            return new Decision.Idle("leaves the election to better placed nodes first");
        }
        if (last) {
            return resume(leader, facts);
        }
        boolean forced = snapshot.forced() != null;
        if (sync.mode() == SyncMode.SPM && snapshot.lastPrimary() != null && !forced) {
            return new Decision.Blocked(
                    "the cluster ran on a single primary, and only %s may resume"
                            .formatted(snapshot.lastPrimary()));
        }
        List<String> loyal = loyal(leader);
        boolean alive = sync.acks() > 0 && loyal.size() >= sync.acks();
        if (sync.mode() == SyncMode.SYNC && alive && !forced) {
            // It could not end before they are free again, and would only mislead the proxies.
            return new Decision.Idle(
                    "%s stand by %s, which lost the store".formatted(loyal, leader.holder()));
        }
        return elect(leader, facts, why(leader));
    }

    /** The ackers that promised the holder to take part in no election for now. */
    private List<String> loyal(LeaderRecord leader) {
        if (leader.state() == LeaderState.RELEASED) {
            return List.of();
        }
        return sync.ackers().stream()
                .filter(id -> !id.equals(leader.holder()))
                .filter(
                        id -> {
                            MemberRecord member = snapshot.members().get(id);
                            Long to = member == null ? null : member.report().standsBy();
                            return to != null && to == leader.epoch();
                        })
                .toList();
    }

    private Decision bootstrap(ServerFacts facts) {
        List<String> missing = sync.members().stream().filter(id -> !isReady(id)).sorted().toList();
        if (!missing.isEmpty()) {
            return new Decision.Idle("the first primary needs every member; missing: " + missing);
        }
        Duration headStart = CandidateRanking.headStart(snapshot, sync, seen.self().id());
        Moment since = memory.vacantSince();
        if (since == null || seen.now().since(since).compareTo(headStart) < 0) {
            return new Decision.Idle("leaves the election to better placed nodes first");
        }
        return elect(null, facts, "first primary");
    }

    private boolean isReady(String id) {
        MemberRecord member = snapshot.members().get(id);
        return member != null && member.report().role() != NodeRole.DOWN;
    }

    private Decision resume(LeaderRecord leader, ServerFacts facts) {
        GtidSet has = GtidSet.parse(facts.executed());
        GtidSet floor = GtidSet.parse(leader.floor());
        if (!has.contains(floor)) {
            return elect(leader, facts, why(leader));
        }
        MemberRecord self = snapshot.members().get(seen.self().id());
        if (self != null && snapshot.neverPromote(self)) {
            return elect(leader, facts, why(leader));
        }
        String reason = "nobody else took over; the last primary resumes";
        return acquire(
                // Not what it has: its recovery may have committed what nobody acknowledged, and
                // no other node could ever contain that.
                record(leader.epoch() + 1, LeaderState.PROMOTING, leader.floor(), facts, reason),
                reason);
    }

    private Decision elect(@Nullable LeaderRecord leader, ServerFacts facts, String reason) {
        long epoch = leader == null ? 1 : leader.epoch() + 1;
        String floor = leader == null ? "" : leader.floor();
        return acquire(record(epoch, LeaderState.ELECTING, floor, facts, reason), reason);
    }

    private Decision acquire(LeaderRecord next, String reason) {
        return new Decision.Acquire(snapshot.leader(), snapshot.syncRevision(), next, reason);
    }

    private LeaderRecord record(
            long epoch, LeaderState state, String floor, ServerFacts facts, String reason) {
        Identity self = seen.self();
        return new LeaderRecord(
                1,
                epoch,
                self.id(),
                self.incarnation(),
                self.ttlMs(),
                1,
                state,
                false,
                floor,
                self.address(),
                facts.serverUuid(),
                reason);
    }

    private static String why(LeaderRecord leader) {
        return leader.state() == LeaderState.RELEASED
                ? leader.holder() + " gave up the lead: " + leader.reason()
                : leader.holder() + " did not renew its lease for " + leader.ttlMs() + " ms";
    }
}
