package io.moha.proxy.topology;

import io.moha.protocol.cluster.LeaderRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decides which leader record the proxy believes. Epochs never go back, and within an epoch only
 * forward, so that a store that was wiped or restored from an old copy is as good as unavailable
 * and never sends writes to a server of the past. Pure.
 */
final class LeaderRules {

    /**
     * What is believed from now on.
     *
     * @param leader the record; null while none was ever seen
     * @param doubt why the store's present word was not taken; empty when it was
     */
    record Belief(@Nullable StoredRecord<LeaderRecord> leader, String doubt) {}

    private LeaderRules() {}

    /** What to believe after {@code seen} (null: no readable record) given {@code believed}. */
    static Belief next(
            @Nullable StoredRecord<LeaderRecord> believed,
            @Nullable StoredRecord<LeaderRecord> seen) {
        if (believed == null) {
            return new Belief(seen, "");
        }
        if (seen == null) {
            return new Belief(believed, "the leader record is gone or unreadable");
        }
        long epoch = believed.record().epoch();
        if (seen.record().epoch() < epoch) {
            return new Belief(
                    believed,
                    "the store says epoch " + seen.record().epoch() + " after epoch " + epoch);
        }
        if (seen.record().epoch() == epoch && !goesOn(believed, seen)) {
            return new Belief(believed, "the store went back within epoch " + epoch);
        }
        return new Belief(seen, "");
    }

    private static boolean goesOn(
            StoredRecord<LeaderRecord> believed, StoredRecord<LeaderRecord> seen) {
        if (seen.storeId() == believed.storeId() && seen.modRevision() >= believed.modRevision()) {
            return true;
        }
        return seen.record().holder().equals(believed.record().holder())
                && seen.record().seq() >= believed.record().seq();
    }
}
