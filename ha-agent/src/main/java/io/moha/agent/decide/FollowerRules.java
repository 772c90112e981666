package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.mysql.ServerFacts.ReplicaFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import org.jspecify.annotations.Nullable;

/** What a node does while another one leads. */
public final class FollowerRules {

    /** How many renewals must confirm that the primary lacks something before it is believed. */
    private static final int CONFIRMATIONS = 3;

    /** Part of the text of ER_SOURCE_HAS_PURGED_REQUIRED_GTIDS, the same in 8.0 to 9.7. */
    private static final String PURGED = "purged required binary logs";

    private final Observation seen;
    private final Memory memory;
    private final ClusterSnapshot snapshot;
    private final SyncRecord sync;
    private final LeaderRecord leader;

    FollowerRules(
            Observation seen,
            Memory memory,
            ClusterSnapshot snapshot,
            SyncRecord sync,
            LeaderRecord leader) {
        this.seen = seen;
        this.memory = memory;
        this.snapshot = snapshot;
        this.sync = sync;
        this.leader = leader;
    }

    Decision decide(ServerFacts facts) {
        if (leader.epoch() < memory.promisedEpoch()) {
            return new Decision.Idle(
                    "promised to follow no epoch before " + memory.promisedEpoch());
        }
        return switch (leader.state()) {
            case ELECTING ->
                    memory.promisedEpoch() < leader.epoch()
                            ? new Decision.Freeze(leader.epoch(), leader.reason())
                            : voted();
            case PROMOTING, SERVING -> follow(facts);
            case SWITCHING -> switching();
            case RELEASED -> new Decision.Idle("waits for the ttl of a lead given up unfenced");
        };
    }

    /** What a node does whose tables may be missing: it takes no part until it is a copy. */
    static Decision copyAgain(
            Observation seen, Memory memory, ClusterSnapshot snapshot, SyncRecord sync) {
        String why = "a copy of the primary's data ended half-way";
        LeaderRecord leader = snapshot.leaderRecord();
        if (leader == null
                || seen.vacant()
                || !(leader.state() == LeaderState.SERVING
                        || leader.state() == LeaderState.PROMOTING)
                || leader.holder().equals(seen.self().id())
                || leader.epoch() < memory.promisedEpoch()) {
            return new Decision.Quarantine(why + "; waits for a primary to begin again");
        }
        if (snapshot.pause() != null) {
            return new Decision.Quarantine(why + "; begins again when the cluster is resumed");
        }
        FollowerRules rules = new FollowerRules(seen, memory, snapshot, sync, leader);
        Versioned<RejoinRecord> order = rules.order();
        boolean asked = order != null && !isCopied(order);
        return new Decision.Rebuild(rules.host(), rules.port(), "", asked ? order : null, why);
    }

    private String host() {
        return leader.address().substring(0, leader.address().lastIndexOf(':'));
    }

    private int port() {
        return Integer.parseInt(leader.address().substring(leader.address().lastIndexOf(':') + 1));
    }

    private Decision voted() {
        Ballot ballot = Ballot.of(snapshot, leader, sync, false, true);
        return HolderRules.fetch(ballot, seen.self().id(), snapshot, leader.epoch())
                .orElse(new Decision.Idle("voted in epoch " + leader.epoch()));
    }

    private Decision switching() {
        if (isWaitedFor() && !reported(leader.floor())) {
            return new Decision.CatchUp(leader.floor(), "target of a switchover");
        }
        return new Decision.Idle("the primary hands over");
    }

    /** Whether the old primary of a switchover waits for this node, its target. */
    private boolean isWaitedFor() {
        SwitchoverRecord switchover =
                snapshot.switchover() == null ? null : snapshot.switchover().value();
        return switchover != null
                && switchover.phase() == SwitchoverPhase.READ_ONLY
                && seen.self().id().equals(switchover.to());
    }

    private boolean reported(String gtids) {
        var member = snapshot.members().get(seen.self().id());
        return member != null
                && GtidSet.parse(member.report().executed()).contains(GtidSet.parse(gtids));
    }

    private Decision follow(ServerFacts facts) {
        String host = host();
        int port = port();
        ReplicaFacts replica = facts.replica();
        boolean mayRebuild = leader.state() == LeaderState.SERVING && snapshot.pause() == null;
        if (replica != null && isPurged(replica) && mayRebuild) {
            GtidSet surplus = extra(leader, snapshot, facts);
            if (surplus.isEmpty()) {
                return rebuild(
                        host, port, "", leader.holder() + " has purged what this node lacks");
            }
        }
        GtidSet strange = strange(leader, snapshot, facts);
        // What the primary itself wrote may have come by way of another node, and be newer than the
        // floor; if it is not, the primary's own GTIDs are what a source compares before it sends.
        boolean own = strange.equals(strange.from(leader.serverUuid()));
        if (!strange.isEmpty() && (!own || isConfirmed())) {
            return stray(strange, host, port);
        }
        Versioned<RejoinRecord> order = order();
        if (order != null && order.value().copy() && !isCopied(order) && mayRebuild) {
            String by = "asked by " + order.value().requestedBy();
            return new Decision.Rebuild(host, port, "", order, by);
        }
        if (replica == null || !follows(replica, host, port)) {
            boolean acker = sync.ackers().contains(seen.self().id());
            return new Decision.Follow(host, port, acker, leader.holder() + " leads");
        }
        return following(facts, replica, order);
    }

    private Decision following(
            ServerFacts facts, ReplicaFacts replica, @Nullable Versioned<RejoinRecord> order) {
        boolean acker = sync.ackers().contains(seen.self().id());
        boolean acknowledges = facts.semiSync().replicaEnabled();
        String wrong = wrong(replica, acknowledges, acker);
        if (wrong == null) {
            String reason = "follows " + leader.holder();
            return order != null && replica.ioRunning() && snapshot.pause() == null
                    ? new Decision.AnswerRejoin(order, RejoinRecord.Phase.DONE, reason)
                    : new Decision.Idle(reason);
        }
        // Whoever paused the cluster may have stopped it himself.
        return snapshot.pause() != null && acknowledges == acker
                ? new Decision.Idle("paused, and left as it is: " + wrong)
                : new Decision.Follow(replica.sourceHost(), replica.sourcePort(), acker, wrong);
    }

    /** What to do about transactions that the primary seems to lack. */
    private Decision stray(GtidSet extra, String host, int port) {
        if (!isConfirmed()) {
            return new Decision.Idle(
                    "not known yet whether %s has %s".formatted(leader.holder(), extra));
        }
        String reason = "has what %s lacks: %s".formatted(leader.holder(), extra);
        return snapshot.pause() == null
                ? rebuild(host, port, extra.toString(), reason)
                : new Decision.Quarantine(reason);
    }

    private boolean isConfirmed() {
        Memory.Strange strange = memory.strange();
        return strange != null
                && strange.epoch() == leader.epoch()
                && leader.seq() - strange.seq() >= CONFIRMATIONS;
    }

    private Decision rebuild(String host, int port, String surplus, String reason) {
        Versioned<RejoinRecord> order = order();
        boolean asked = order != null && !isCopied(order);
        return seen.self().policy().rebuild() || asked
                ? new Decision.Rebuild(host, port, surplus, asked ? order : null, reason)
                : new Decision.Quarantine(
                        reason + "; moha rejoin " + seen.self().id() + " brings it back");
    }

    private @Nullable Versioned<RejoinRecord> order() {
        return snapshot.rejoin(seen.self().id());
    }

    private static boolean isCopied(Versioned<RejoinRecord> order) {
        return order.value().phase() == RejoinRecord.Phase.COPIED;
    }

    /** Whether the source says that it cannot send what comes next any more. */
    private static boolean isPurged(ReplicaFacts replica) {
        return !replica.ioRunning() && replica.lastError().contains(PURGED);
    }

    private static boolean follows(ReplicaFacts replica, String host, int port) {
        return replica.sourceHost().equals(host) && replica.sourcePort() == port;
    }

    private static @Nullable String wrong(
            ReplicaFacts replica, boolean acknowledges, boolean acker) {
        if (acknowledges != acker) {
            return acker ? "acknowledges from now on" : "acknowledges no more";
        }
        if (!replica.ioRunning() && !replica.ioConnecting()) {
            return "the receiver is stopped: " + replica.lastError();
        }
        return replica.sqlRunning() ? null : "the applier is stopped: " + replica.lastError();
    }

    /**
     * What this node has and {@code leader} lacks, as far as is known: the floor says what a
     * primary has that serves. One that is being promoted says in its report what it has; its floor
     * is only what it must have.
     */
    public static GtidSet extra(LeaderRecord leader, ClusterSnapshot snapshot, ServerFacts facts) {
        GtidSet beyond =
                GtidSet.parse(facts.executed())
                        .union(GtidSet.parse(facts.retrieved()))
                        .subtract(GtidSet.parse(leader.floor()));
        MemberReport report = promoting(leader, snapshot);
        return report == null ? beyond : beyond.subtract(GtidSet.parse(report.executed()));
    }

    /** What a holder that is being promoted said since its agent began; null when nothing. */
    private static @Nullable MemberReport promoting(LeaderRecord leader, ClusterSnapshot snapshot) {
        MemberRecord holder = snapshot.members().get(leader.holder());
        if (holder == null
                || leader.state() != LeaderState.PROMOTING
                || !holder.incarnation().equals(leader.incarnation())) {
            return null;
        }
        NodeRole role = holder.report().role();
        boolean speaks = role == NodeRole.TRANSITION || role == NodeRole.REPLICA;
        return speaks ? holder.report() : null;
    }

    /**
     * What this node has and the primary should have by now: all of it as long as the node does not
     * follow, else all but what the primary itself wrote, which may be newer than the floor. That
     * it is set up to follow says little: what it has may be from a life of that node before a
     * copy.
     */
    private static GtidSet strange(
            LeaderRecord leader, ClusterSnapshot snapshot, ServerFacts facts) {
        GtidSet extra = extra(leader, snapshot, facts);
        return follows(leader, facts) ? extra.subtract(extra.from(leader.serverUuid())) : extra;
    }

    private static boolean follows(LeaderRecord leader, ServerFacts facts) {
        ReplicaFacts replica = facts.replica();
        return replica != null
                && leader.address().equals(replica.sourceHost() + ":" + replica.sourcePort());
    }

    /** What this node has and the leader lacks, as far as is known now. */
    static GtidSet stranger(Observation seen) {
        LeaderRecord leader = seen.leader();
        ClusterSnapshot snapshot = seen.snapshot();
        ServerFacts facts = seen.server().facts();
        if (leader == null
                || snapshot == null
                || facts == null
                || seen.tenure() != null
                || leader.holder().equals(seen.self().id())) {
            return GtidSet.empty();
        }
        MemberReport promoting = promoting(leader, snapshot);
        if (leader.state() != LeaderState.SERVING && promoting == null) {
            return GtidSet.empty();
        }
        GtidSet strange = strange(leader, snapshot, facts);
        // What it still has to apply, it has.
        return promoting == null ? strange : strange.subtract(GtidSet.parse(promoting.retrieved()));
    }
}
