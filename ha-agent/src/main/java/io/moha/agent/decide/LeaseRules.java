package io.moha.agent.decide;

import io.moha.protocol.cluster.LeaderRecord;
import org.jspecify.annotations.Nullable;

/** What a holder does when the store says that its record is not the one it wrote last. */
public final class LeaseRules {

    private LeaseRules() {}

    /** What to do about a record that changed underneath its holder. */
    public sealed interface Verdict {

        /** The record is this holder's own: an earlier write whose answer got lost did happen. */
        record Adopt() implements Verdict {}

        /**
         * The lead is gone.
         *
         * @param reason for people
         */
        record Lost(String reason) implements Verdict {}
    }

    /**
     * Judges {@code found}, which is in the store instead of {@code mine}.
     *
     * @param mine the record that the holder last knew to be in the store
     * @param found what is there; null when the key is missing
     */
    public static Verdict onCompareFailed(LeaderRecord mine, @Nullable LeaderRecord found) {
        if (found == null) {
            return new Verdict.Lost("the leader record is gone from the store");
        }
        boolean own =
                found.epoch() == mine.epoch()
                        && found.holder().equals(mine.holder())
                        && found.incarnation().equals(mine.incarnation());
        if (own && found.seq() >= mine.seq()) {
            return new Verdict.Adopt();
        }
        return new Verdict.Lost(
                "the leader record says %s in epoch %d (%s)"
                        .formatted(found.holder(), found.epoch(), found.state()));
    }
}
