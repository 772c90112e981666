package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the holder of the leader record does next. */
final class HolderRules {

    /** How long an elector that has its quorum still waits for members that are alive. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Observation seen;
    private final Memory memory;
    private final ClusterSnapshot snapshot;
    private final SyncRecord sync;
    private final Tenure tenure;

    HolderRules(
            Observation seen,
            Memory memory,
            ClusterSnapshot snapshot,
            SyncRecord sync,
            Tenure tenure) {
        this.seen = seen;
        this.memory = memory;
        this.snapshot = snapshot;
        this.sync = sync;
        this.tenure = tenure;
    }

    Decision decide(ServerFacts facts) {
        return switch (tenure.state()) {
            case ELECTING -> electing();
            case PROMOTING -> promoting();
            case SERVING -> serving(facts);
            case SWITCHING ->
                    seen.busy() == null
                            ? new Decision.Restore(tenure.epoch(), "the switchover was cut off")
                            : new Decision.Idle("hands over");
            case RELEASED -> new Decision.Idle("has given up the lead");
        };
    }

    private Decision promoting() {
        Decision space = space().whilePromoting();
        return space == null
                ? new Decision.Promote(tenure.epoch(), tenure.record().reason())
                : space;
    }

    private SpaceRules space() {
        return new SpaceRules(seen, memory, snapshot, sync, tenure);
    }

    private Decision electing() {
        LeaderRecord known = snapshot.leaderRecord();
        if (known != null
                && known.epoch() == tenure.epoch()
                && known.state() != LeaderState.ELECTING) {
            // The answer to this node's own appointment got lost; another one must not follow.
            return new Decision.Idle("has appointed already; the lease does not know it yet");
        }
        if (memory.promisedEpoch() < tenure.epoch()) {
            return new Decision.Freeze(tenure.epoch(), "runs the election itself");
        }
        Moment since = memory.electingSince();
        boolean patienceOver = since != null && seen.now().since(since).compareTo(PATIENCE) >= 0;
        boolean lossAllowed = seen.self().policy().durability() == Policy.Durability.AVAILABLE;
        Ballot ballot = Ballot.of(snapshot, tenure.record(), sync, lossAllowed, patienceOver);
        Tally tally = ElectionRules.tally(ballot, memory.trials().penalised(seen.now()));
        SwitchoverRecord order = snapshot.forced();
        if (order != null && !(tally instanceof Tally.Winner)) {
            tally = ElectionRules.forced(ballot, order.to());
        }
        return switch (tally) {
            case Tally.Winner winner ->
                    new Decision.Appoint(tenure.epoch(), snapshot.syncRevision(), winner);
            case Tally.Waiting(String reason) -> new Decision.Idle("elects: " + reason);
            case Tally.Halted(String reason) ->
                    fetch(ballot, seen.self().id(), snapshot, tenure.epoch())
                            .orElse(new Decision.Blocked("elects: " + reason));
        };
    }

    /** What {@code self} has to fetch, so that the election of {@code epoch} can choose it. */
    static Optional<Decision> fetch(
            Ballot ballot, String self, ClusterSnapshot snapshot, long epoch) {
        return ElectionRules.sourceFor(ballot, self)
                .map(from -> snapshot.members().get(from.id()))
                .map(
                        from -> {
                            int colon = from.address().lastIndexOf(':');
                            return new Decision.Fetch(
                                    epoch,
                                    from.address().substring(0, colon),
                                    Integer.parseInt(from.address().substring(colon + 1)),
                                    GtidSet.parse(from.report().executed())
                                            .union(GtidSet.parse(from.report().retrieved()))
                                            .toString(),
                                    "only " + from.id() + " has everything, and may not lead");
                        });
    }

    private Decision serving(ServerFacts facts) {
        if (seen.busy() != null) {
            return new Decision.Idle("serves; " + seen.busy());
        }
        if (facts.readOnly()) {
            return new Decision.Restore(tenure.epoch(), "the server is read-only");
        }
        Versioned<RejoinRecord> order = snapshot.rejoin(seen.self().id());
        if (order != null) {
            return new Decision.AnswerRejoin(
                    order, RejoinRecord.Phase.REFUSED, seen.self().id() + " is the primary");
        }
        Decision requested = requested();
        if (requested != null) {
            return requested;
        }
        Decision space = space().decide(facts);
        if (space != null) {
            return space;
        }
        SyncStep step =
                SyncRules.next(
                        new SyncView(
                                seen.self().id(),
                                seen.self().address(),
                                sync,
                                snapshot.members(),
                                facts.semiSync(),
                                memory.shortSince(),
                                memory.missingSince()),
                        seen.self().policy(),
                        seen.now());
        if (isReconnectDue(step)) {
            return new Decision.Reconnect(tenure.epoch(), "commits wait and no acker acknowledges");
        }
        if (!(step instanceof SyncStep.None(String reason))) {
            return new Decision.Sync(tenure.epoch(), step);
        }
        return MembershipRules.newcomer(snapshot, sync, facts.executed())
                .<Decision>map(
                        id ->
                                new Decision.Sync(
                                        tenure.epoch(),
                                        new SyncStep.Admit(id, "has nothing of its own")))
                .orElseGet(() -> new Decision.Idle("serves; " + reason + space().unwell(facts)));
    }

    /**
     * Whether the ackers have to connect anew before {@code step}, none of which could end while
     * nothing is acknowledged. Once for the same commits: a huge transaction only takes its time,
     * and would begin again each time.
     */
    private boolean isReconnectDue(SyncStep step) {
        boolean waits =
                step instanceof SyncStep.None
                        || step instanceof SyncStep.Readmit
                        || step instanceof SyncStep.Shrink;
        Duration grace = seen.self().policy().degradeAfter();
        Duration stuck = grace.compareTo(Verdict.STUCK) < 0 ? Verdict.STUCK : grace;
        return waits && sync.mode() == SyncMode.SYNC && memory.mayFree(stuck, seen.now());
    }

    private @Nullable Decision requested() {
        Versioned<SwitchoverRecord> request = snapshot.switchover();
        if (request == null) {
            return null;
        }
        SwitchoverRecord record = request.value();
        return switch (record.phase()) {
            case ASKED -> rehearsal(record, request.revision());
            case REQUESTED ->
                    record.isForced()
                            ? new Decision.Refuse(record, request.revision(), "there is a primary")
                            : answer(record, request.revision());
            // This agent's earlier life began it and nothing was changed, or everything undone.
            case PREPARING, HOLDING, READ_ONLY ->
                    new Decision.Refuse(
                            record,
                            request.revision(),
                            "cut off before the hand-over; " + seen.self().id() + " serves");
            case HANDED_OVER, DONE, ABANDONED -> null;
        };
    }

    private SwitchoverRules.Answer judged(SwitchoverRecord request) {
        // An agent that is stopped hands over in any case.
        boolean stops = request.requestedBy().equals(seen.self().asker());
        if (snapshot.pause() != null && !stops) {
            return new SwitchoverRules.Answer.No(
                    "the cluster is paused (" + snapshot.pause().by() + "), moha resume ends that");
        }
        return SwitchoverRules.judge(snapshot, tenure.record(), sync, request.to());
    }

    private Decision rehearsal(SwitchoverRecord question, long revision) {
        String reason = question.requestedBy() + " asks what would stand in the way";
        return switch (judged(question)) {
            case SwitchoverRules.Answer.Go(var target) ->
                    new Decision.Rehearse(question, revision, target, "", reason);
            case SwitchoverRules.Answer.NotYet(String obstacle) ->
                    new Decision.Rehearse(question, revision, null, obstacle, reason);
            case SwitchoverRules.Answer.No(String obstacle) ->
                    new Decision.Rehearse(question, revision, null, obstacle, reason);
        };
    }

    private Decision answer(SwitchoverRecord record, long revision) {
        return switch (judged(record)) {
            case SwitchoverRules.Answer.Go(var target) ->
                    new Decision.HandOver(
                            tenure.epoch(),
                            record,
                            revision,
                            target,
                            memory.sawCome(record.id()),
                            "asked by " + record.requestedBy());
            case SwitchoverRules.Answer.NotYet(String reason) ->
                    memory.isAskedFor(Duration.ofMillis(record.timeoutMs()), seen.now())
                            ? new Decision.Refuse(record, revision, reason)
                            : new Decision.Idle("serves; a switchover waits: " + reason);
            case SwitchoverRules.Answer.No(String reason) ->
                    new Decision.Refuse(record, revision, reason);
        };
    }
}
