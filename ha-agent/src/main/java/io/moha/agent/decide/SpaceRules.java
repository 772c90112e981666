package io.moha.agent.decide;

import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a primary does about its disk. While there is space it hands over by plan. Without any,
 * mysqld waits for some and answers all but writes, nor can it be made read-only then: it is
 * killed, provided that a node with space can be elected for it.
 */
public final class SpaceRules {

    private final Observation seen;
    private final Memory memory;
    private final ClusterSnapshot snapshot;
    private final SyncRecord sync;
    private final Tenure tenure;

    SpaceRules(
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

    /** Whether a server of these {@code facts} should hand over, or not be chosen, for its disk. */
    public static boolean isNearlyFull(@Nullable ServerFacts facts) {
        return facts != null
                && (facts.diskPercent() >= Verdict.FULL_PERCENT || facts.disk().isFull());
    }

    /** What is to be done about the disk of a serving primary; null when nothing is. */
    @Nullable Decision decide(ServerFacts facts) {
        return isFull() ? full() : resign(facts);
    }

    /** The end of a promotion that cannot commit anything for want of space; null when it may. */
    @Nullable Decision whilePromoting() {
        return isFull() && obstacle() == null ? full() : null;
    }

    private boolean isFull() {
        return memory.isFullFor(seen.self().policy().hangAfter(), seen.now());
    }

    private Decision full() {
        String what =
                "the disk of %s is full, and nothing was committed for %d s"
                        .formatted(seen.self().id(), seen.self().policy().hangAfter().toSeconds());
        String obstacle = obstacle();
        return obstacle == null
                ? new Decision.KillServer(tenure.epoch(), what)
                : new Decision.Blocked("serves, but " + what + "; " + obstacle);
    }

    /** Why an election could not give the lead to a node with space; null when it could. */
    private @Nullable String obstacle() {
        if (snapshot.pause() != null) {
            return "the cluster is paused";
        }
        if (sync.mode() != SyncMode.SYNC) {
            return "in mode " + sync.mode() + " no other node has all that was acknowledged";
        }
        int needed = ElectionRules.quorum(sync);
        long heard = sync.ackers().stream().filter(seen::receives).count();
        if (heard < needed) {
            return "an election would need %d of the ackers %s".formatted(needed, sync.ackers());
        }
        return successor(0).isPresent() ? null : "no other node that could take over has space";
    }

    /** Hands over while the server still can. */
    private @Nullable Decision resign(ServerFacts facts) {
        Versioned<SwitchoverRecord> last = snapshot.switchover();
        if (facts.diskPercent() < Verdict.FULL_PERCENT
                || snapshot.pause() != null
                || heldBack() != null
                || (last != null && last.value().phase().isUnderWay())) {
            return null;
        }
        // A node that knows nothing about its disk will say no if it must: nothing is lost by that.
        return successor(-1)
                .map(
                        target ->
                                new Decision.Resign(
                                        target.id(),
                                        snapshot.switchoverRevision(),
                                        "the disk of " + seen.self().id() + " is nearly full"))
                .orElse(null);
    }

    /** Why this primary does not ask to be replaced now, whatever for; null when it may. */
    private @Nullable String heldBack() {
        Moment since = memory.servingSince();
        Duration tenureMin = memory.unrest().tenure(seen.self().policy().minTenure());
        if (since == null || seen.now().since(since).compareTo(tenureMin) < 0) {
            return "it stays for %d s after %s"
                    .formatted(
                            tenureMin.toSeconds(),
                            memory.unrest().changes() < 2
                                    ? "a change of primary"
                                    : memory.unrest().changes() + " changes of primary");
        }
        return memory.resigned().isTooEarly(seen.now())
                ? "%d attempts to hand over came to nothing, the next comes after %d s"
                        .formatted(memory.resigned().vain(), memory.resigned().pause().toSeconds())
                : null;
    }

    /** What to tell about a server that should hand over and does not; empty when nothing. */
    String unwell(ServerFacts facts) {
        if (facts.diskPercent() < Verdict.FULL_PERCENT || snapshot.pause() != null) {
            return "";
        }
        String heldBack = heldBack();
        return "; its disk is nearly full, and "
                + (heldBack == null ? "nobody with space can take over" : heldBack);
    }

    /**
     * The best node to take over whose disk is at least so full, in per cent, which excludes those
     * that know nothing about it, and less than would let two nearly full servers hand over to each
     * other again and again.
     */
    private Optional<MemberRecord> successor(int least) {
        return SwitchoverRules.best(
                snapshot,
                tenure.record(),
                sync,
                member -> {
                    int percent = Objects.requireNonNullElse(member.report().diskPercent(), -1);
                    return percent >= least && percent < Verdict.ALARM_PERCENT;
                });
    }
}
