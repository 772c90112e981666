package io.moha.agent.decide;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one agent does next. First its own process, whose death or hang comes before all else; then
 * what is left of an earlier life; then the part this node plays: holder of the lead, follower, or
 * candidate for a lead that nobody holds.
 */
public final class NodeRules {

    /** An agent that comes back with less than this before the guard's deadline does not try. */
    private static final long RESUME_SLACK_MS = 300;

    private final Observation seen;
    private final Memory memory;
    private final ServerView server;

    private NodeRules(Observation seen, Memory memory) {
        this.seen = seen;
        this.memory = memory;
        this.server = seen.server();
    }

    /** The next step, given what is {@code seen} and remembered. */
    public static Decision decide(Observation seen, Memory memory) {
        return new NodeRules(seen, memory).decide();
    }

    private Decision decide() {
        GuardStatus guard = server.guard();
        return switch (guard.state()) {
            case UNREACHABLE -> new Decision.Idle("the guard does not answer");
            case DYING -> new Decision.Idle("mysqld is being killed");
            case DEAD -> whenDead();
            case RUNNING -> {
                Decision urgent = whenRunning();
                yield urgent == null ? whenUp() : urgent;
            }
        };
    }

    private Decision whenDead() {
        GuardStatus guard = server.guard();
        String exit = guard.exit().isEmpty() ? "mysqld does not run" : guard.exit();
        Tenure tenure = seen.tenure();
        if (tenure != null) {
            return new Decision.Release(tenure.epoch(), exit);
        }
        Decision bury = ownRecord(exit);
        if (bury instanceof Decision.Bury) {
            return bury;
        }
        if (mayBeLookedFor()) {
            return new Decision.Idle("waits until no client looks for the primary here: " + exit);
        }
        return memory.mayStart(seen.now())
                ? new Decision.StartServer(exit)
                : new Decision.Idle("waits before it starts mysqld again: " + exit);
    }

    /**
     * Whether proxies may still look for the primary at this node, of whose life they know nothing:
     * a server that came back there, read-only, would answer writes with errors. For a ttl at most.
     */
    private boolean mayBeLookedFor() {
        LeaderRecord leader = seen.leader();
        if (seen.snapshot() == null) {
            Duration ttl = Duration.ofMillis(seen.self().ttlMs());
            return seen.now().since(seen.lease().since()).compareTo(ttl) < 0;
        }
        return leader != null
                && leader.holder().equals(seen.self().id())
                && (leader.state() == LeaderState.SERVING
                        || leader.state() == LeaderState.SWITCHING)
                && !seen.lease().isExpired(seen.now());
    }

    /** What cannot wait until the server answers; null when there is nothing such. */
    private @Nullable Decision whenRunning() {
        Decision hung = hung();
        if (hung != null) {
            return hung;
        }
        if (seen.tenure() != null) {
            return null;
        }
        return ownRecord("mysqld was restarted");
    }

    private @Nullable Decision hung() {
        Moment since = server.failingSince();
        ServerFacts facts = server.facts();
        if (since == null || !server.isSilent() || facts == null || isBecomingACopy()) {
            return null;
        }
        if (facts.disk().isFull()) {
            // It waits for space, and started again it would wait as well: SpaceRules.
            return null;
        }
        if (seen.now().since(since).compareTo(seen.self().policy().hangAfter()) < 0) {
            return null;
        }
        Tenure tenure = seen.tenure();
        long epoch = tenure == null ? server.guard().epoch() : tenure.epoch();
        return new Decision.KillServer(epoch, "mysqld hangs: " + server.message());
    }

    private boolean isBecomingACopy() {
        String busy = seen.busy();
        return busy != null && busy.startsWith(Decision.Rebuild.NAME);
    }

    /**
     * What to do about a leader record that names this node though it does not hold it: one of an
     * earlier life, or one by which an elector appointed it.
     */
    private @Nullable Decision ownRecord(String why) {
        ClusterSnapshot snapshot = seen.snapshot();
        LeaderRecord leader = seen.leader();
        if (snapshot == null
                || !seen.storeAnswers()
                || leader == null
                || !leader.holder().equals(seen.self().id())
                || leader.state() == LeaderState.RELEASED) {
            return null;
        }
        boolean running = server.guard().state() == GuardStatus.State.RUNNING;
        boolean armed = running && server.guard().deadlineMillis() != 0;
        if (server.armedFor(leader.epoch(), RESUME_SLACK_MS)) {
            return acquire(snapshot, own(leader), "the agent is back, and mysqld lived on");
        }
        if (armed) {
            return new Decision.Idle("too late to resume; the guard acts");
        }
        boolean fresh = server.guard().fencedEpoch() < leader.epoch();
        boolean appointed = leader.state() == LeaderState.PROMOTING;
        if (running
                && fresh
                && !server.gutted()
                && (appointed || leader.state() == LeaderState.ELECTING)) {
            return server.facts() == null || !server.prepared()
                    ? null
                    : acquire(snapshot, own(leader), leader.reason());
        }
        ServerFacts facts = server.facts();
        boolean ownLife = server.guard().epoch() >= leader.epoch();
        if (!ownLife || (running && (facts == null || !facts.readOnly()))) {
            // Another machine may hold it under this name, or this server write: only time tells.
            return null;
        }
        // An unarmed server is dead or read-only: it can acknowledge nothing.
        return new Decision.Bury(
                snapshot.leader(), own(leader).released(true, leader.floor(), why), why);
    }

    private LeaderRecord own(LeaderRecord record) {
        ServerFacts facts = server.facts();
        return new LeaderRecord(
                record.version(),
                record.epoch(),
                seen.self().id(),
                seen.self().incarnation(),
                seen.self().ttlMs(),
                record.seq() + 1,
                record.state(),
                false,
                record.floor(),
                seen.self().address(),
                facts == null ? record.serverUuid() : facts.serverUuid(),
                record.reason());
    }

    private static Decision acquire(ClusterSnapshot snapshot, LeaderRecord next, String reason) {
        return new Decision.Acquire(snapshot.leader(), snapshot.syncRevision(), next, reason);
    }

    private Decision withoutStore() {
        String forgotten = seen.forgotten();
        if (forgotten == null) {
            return new Decision.Idle("the store does not answer");
        }
        return new Decision.Blocked(
                seen.tenure() == null
                        ? forgotten
                                + "; its primary writes it back, or a newer copy, or moha bootstrap"
                                + " --recover"
                        : forgotten + "; writes it back when every member confirmed that it may");
    }

    private Decision whenUp() {
        ServerFacts facts = server.facts();
        if (facts == null) {
            return new Decision.Idle("waits for mysqld to answer: " + server.message());
        }
        if (!server.prepared()) {
            return new Decision.PrepareServer("mysqld was started");
        }
        ClusterSnapshot snapshot = seen.snapshot();
        if (snapshot == null) {
            return new Decision.Idle("the store has not answered yet");
        }
        if (!seen.storeAnswers()) {
            return withoutStore();
        }
        SyncRecord sync = snapshot.syncRecord();
        if (sync == null) {
            return new Decision.Idle("the cluster is not bootstrapped");
        }
        if (!sync.members().contains(seen.self().id())) {
            return new Decision.Blocked(
                    "the primary has not admitted this node to "
                            + sync.members()
                            + "; it admits a server that has no transactions of its own");
        }
        Tenure tenure = seen.tenure();
        if (tenure != null) {
            return new HolderRules(seen, memory, snapshot, sync, tenure).decide(facts);
        }
        if (isBecomingACopy()) {
            return new Decision.Quarantine("becomes a copy of the primary");
        }
        if (!facts.readOnly()) {
            return new Decision.MakeReadOnly("writable without the lead");
        }
        if (server.gutted()) {
            return FollowerRules.copyAgain(seen, memory, snapshot, sync);
        }
        if (seen.vacant()) {
            return new CandidateRules(seen, memory, snapshot, sync).decide(facts);
        }
        LeaderRecord leader = snapshot.leaderRecord();
        if (leader == null) {
            return new Decision.Blocked("the leader record is gone from the store");
        }
        if (leader.holder().equals(seen.self().id())) {
            return new Decision.Idle("waits until a lead in this node's name runs out");
        }
        return new FollowerRules(seen, memory, snapshot, sync, leader).decide(facts);
    }
}
