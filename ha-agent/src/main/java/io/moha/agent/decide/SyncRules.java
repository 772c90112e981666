package io.moha.agent.decide;

import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which change of the ackers comes next.
 *
 * <p>The rule above all: an election must never be laxer than reality needs. Ackers are recorded
 * before they are admitted and struck off after they were expelled; the mode is recorded as
 * degraded before the server stops waiting, and as SYNC after it provably waits.
 */
public final class SyncRules {

    /** How far behind a replica may be to become an acker: more would hold up every commit. */
    private static final long MAX_LAG_MS = 1000;

    private final SyncView seen;
    private final SyncRecord sync;
    private final SemiSyncFacts semiSync;
    private final Policy policy;

    private SyncRules(SyncView seen, Policy policy) {
        this.seen = seen;
        this.sync = seen.sync();
        this.semiSync = seen.semiSync();
        this.policy = policy;
    }

    /** The next step at {@code now}. */
    public static SyncStep next(SyncView seen, Policy policy, Moment now) {
        SyncRules rules = new SyncRules(seen, policy);
        return seen.sync().mode() == SyncMode.SYNC ? rules.inSync(now) : rules.degraded();
    }

    private SyncStep inSync(Moment now) {
        int needed = sync.acks();
        if (!semiSync.waitsFor(needed)) {
            return new SyncStep.Enforce("the record says SYNC");
        }
        Optional<String> recruit = recruit();
        if (recruit.isPresent()) {
            return new SyncStep.Grow(recruit.get(), "receives and keeps up");
        }
        if (semiSync.clients() < needed) {
            return orReadmit(shortOfAckers(now));
        }
        if (sync.ackers().size() > needed) {
            Optional<String> gone = gone(now);
            if (gone.isPresent()) {
                return new SyncStep.Shrink(gone.get(), "acknowledges no more");
            }
        }
        return orReadmit(new SyncStep.None("in sync with " + sync.ackers()));
    }

    /** {@code step}, or if that is none the admission of an acker that tries to connect. */
    private SyncStep orReadmit(SyncStep step) {
        if (!(step instanceof SyncStep.None)) {
            return step;
        }
        return sync.ackers().stream()
                .filter(seen::triesToReceive)
                .filter(id -> hasSpace(seen.members().get(id)))
                .min(Comparator.naturalOrder())
                .<SyncStep>map(id -> new SyncStep.Readmit(id, "is an acker and does not receive"))
                .orElse(step);
    }

    /** Without space a receiver is connected and does not receive, whatever the primary does. */
    private static boolean hasSpace(@Nullable MemberRecord member) {
        Integer percent = member == null ? null : member.report().diskPercent();
        return percent == null || percent < 100;
    }

    private SyncStep shortOfAckers(Moment now) {
        String what = "%d of %d needed ackers connected".formatted(semiSync.clients(), sync.acks());
        boolean hopeless = sync.members().size() - 1 < sync.acks();
        Moment since = seen.shortSince();
        Duration waited = since == null ? Duration.ZERO : now.since(since);
        boolean over = hopeless || waited.compareTo(policy.degradeAfter()) >= 0;
        return switch (policy.durability()) {
            case STRICT -> new SyncStep.None(what + "; strict: writes wait");
            case SAFE ->
                    over
                            ? new SyncStep.Degrade(SyncMode.SPM, what)
                            : new SyncStep.None(what + "; waiting");
            case AVAILABLE ->
                    over
                            ? new SyncStep.Degrade(SyncMode.ASYNC, what)
                            : new SyncStep.None(what + "; waiting");
        };
    }

    private SyncStep degraded() {
        Optional<String> recruit = recruit();
        if (recruit.isPresent()) {
            return new SyncStep.Grow(recruit.get(), "receives and keeps up");
        }
        boolean enough =
                sync.ackers().size() >= sync.acks()
                        && semiSync.clients() >= sync.acks()
                        && sync.acks() > 0;
        if (enough) {
            return new SyncStep.EnterSync(
                    "%d ackers of %s connected".formatted(semiSync.clients(), sync.ackers()));
        }
        if (semiSync.sourceEnabled()) {
            return new SyncStep.Relax("the record says " + sync.mode());
        }
        return orReadmit(new SyncStep.None("%s, ackers %s".formatted(sync.mode(), sync.ackers())));
    }

    /** A replica that could acknowledge and is not recorded. */
    private Optional<String> recruit() {
        return sync.members().stream()
                .filter(id -> !id.equals(seen.self()) && !sync.ackers().contains(id))
                .filter(seen::receives)
                .filter(id -> keepsUp(seen.members().get(id)))
                .min(Comparator.naturalOrder());
    }

    private static boolean keepsUp(@Nullable MemberRecord member) {
        return member != null
                && member.report().role() == NodeRole.REPLICA
                && member.report().sqlRunning()
                && member.report().lagMs() >= 0
                && member.report().lagMs() <= MAX_LAG_MS;
    }

    /**
     * Whether enough others say that they receive. Else the one that was counted as connected may
     * be {@code acker} itself, come back a moment ago, and nobody is left to acknowledge the
     * barrier.
     */
    private boolean isReplaceable(String acker) {
        return sync.ackers().stream().filter(id -> !id.equals(acker)).filter(seen::receives).count()
                >= sync.acks();
    }

    /**
     * An acker that has been away for long. The server may go on counting one whose host is gone:
     * it would let no election come to its end. Of one whose agent alone is away nobody knows, and
     * it is no loss while others acknowledge.
     */
    private Optional<String> gone(Moment now) {
        boolean fewer = semiSync.clients() < sync.ackers().size();
        return sync.ackers().stream()
                .filter(id -> fewer ? !seen.receives(id) : seen.isAway(id))
                .filter(this::isReplaceable)
                .filter(
                        id -> {
                            Moment since = seen.missingSince().get(id);
                            return since != null
                                    && now.since(since).compareTo(policy.degradeAfter()) >= 0;
                        })
                .min(Comparator.naturalOrder());
    }
}
