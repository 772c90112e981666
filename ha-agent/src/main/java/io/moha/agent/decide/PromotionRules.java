package io.moha.agent.decide;

import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;

/** Whether a server that is about to become writable can have its commits acknowledged. */
public final class PromotionRules {

    private PromotionRules() {}

    /** What the promotion does next. */
    public sealed interface Readiness {

        /** Look again shortly. */
        record Wait(String reason) implements Readiness {}

        /** First change whose acknowledgements count. */
        record First(SyncStep step) implements Readiness {}

        /**
         * Go on.
         *
         * @param acks how many acknowledgements commits wait for
         * @param recordSync whether SYNC is to be recorded once the barrier was acknowledged
         * @param reason for people
         */
        record Ready(int acks, boolean recordSync, String reason) implements Readiness {}
    }

    /**
     * Judges at {@code now} a promotion that has been at this point since {@code since}; {@code
     * seen} has the same as {@code shortSince}.
     */
    public static Readiness judge(SyncView seen, Policy policy, Moment now, Moment since) {
        SyncRecord sync = seen.sync();
        SemiSyncFacts semiSync = seen.semiSync();
        SyncStep step = SyncRules.next(seen, policy, now);
        if (sync.mode() == SyncMode.SYNC) {
            return switch (step) {
                case SyncStep.Enforce _, SyncStep.Grow _, SyncStep.Degrade _ ->
                        new Readiness.First(step);
                default ->
                        semiSync.clients() >= sync.acks()
                                ? new Readiness.Ready(sync.acks(), false, step.reason())
                                : new Readiness.Wait(step.reason());
            };
        }
        if (step instanceof SyncStep.Grow) {
            return new Readiness.First(step);
        }
        if (step instanceof SyncStep.EnterSync) {
            return new Readiness.Ready(sync.acks(), true, step.reason());
        }
        if (sync.mode() == SyncMode.SPM) {
            return new Readiness.Ready(0, false, "the single primary serves alone");
        }
        boolean hopeless = sync.members().size() - 1 < sync.acks();
        boolean over = hopeless || now.since(since).compareTo(policy.degradeAfter()) >= 0;
        return switch (policy.durability()) {
            case AVAILABLE -> new Readiness.Ready(0, false, "serves without acknowledgements");
            case STRICT -> new Readiness.Wait("strict: waits for ackers");
            case SAFE ->
                    over
                            ? new Readiness.First(
                                    new SyncStep.Degrade(SyncMode.SPM, "no ackers to be had"))
                            : new Readiness.Wait("waits for ackers");
        };
    }
}
