package io.moha.agent.decide;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import org.jspecify.annotations.Nullable;

/** What a holder does when the store says that its record is not the one it wrote last. */
public final class LeaseRules {

    private LeaseRules() {}

    /** What to do about a record that changed underneath its holder. */
    public sealed interface Verdict {

        /** The record is this holder's own: an earlier write whose answer got lost did happen. */
        record Adopt() implements Verdict {}

        /**
         * Somebody began an election that has promoted nobody yet; a holder whose time is not over
         * may take the lead back.
         *
         * @param reason for people
         */
        record Challenged(String reason) implements Verdict {}

        /**
         * The store forgot: it was wiped, restored from an old copy, or lost the key. Nobody was
         * elected by that.
         *
         * @param reason for people
         */
        record Forgotten(String reason) implements Verdict {}

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
            return new Verdict.Forgotten("the leader record is gone from the store");
        }
        boolean self =
                found.holder().equals(mine.holder())
                        && found.incarnation().equals(mine.incarnation());
        boolean own = self && found.epoch() == mine.epoch();
        // A later epoch in which it serves is one that this holder took back from an election.
        boolean tookBack =
                self
                        && found.epoch() > mine.epoch()
                        && found.state() == LeaderState.SERVING
                        && mine.state() == LeaderState.SERVING;
        if ((own && found.seq() >= mine.seq()) || tookBack) {
            return new Verdict.Adopt();
        }
        String says =
                "the leader record says %s in epoch %d (%s)"
                        .formatted(found.holder(), found.epoch(), found.state());
        if (own || found.epoch() < mine.epoch()) {
            return new Verdict.Forgotten(says);
        }
        boolean challenged = found.epoch() > mine.epoch() && found.state() == LeaderState.ELECTING;
        return challenged ? new Verdict.Challenged(says) : new Verdict.Lost(says);
    }
}
