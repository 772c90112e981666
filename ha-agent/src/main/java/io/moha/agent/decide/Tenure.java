package io.moha.agent.decide;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;

/**
 * This node's hold on the leader record, as last confirmed by the store.
 *
 * @param there the record as it is in the store
 * @param deadlineMillis until when this node may act, on the guard's boot clock; the guard kills
 *     mysqld then
 */
public record Tenure(Versioned<LeaderRecord> there, long deadlineMillis) {

    /** A hold on {@code record}, which this very process wrote. */
    public Tenure(LeaderRecord record, long revision, long deadlineMillis) {
        this(Versioned.written(record, revision), deadlineMillis);
    }

    /** The record held. */
    public LeaderRecord record() {
        return there.value();
    }

    /** The revision of the leader key. */
    public long revision() {
        return there.revision();
    }

    /** The epoch held. */
    public long epoch() {
        return record().epoch();
    }

    /** How far the holder is. */
    public LeaderState state() {
        return record().state();
    }

    /** Whether mysqld may be writable in this state, so that its guard must be armed. */
    public boolean armed() {
        return armed(record().state());
    }

    /**
     * Whether this holder's mysqld is gone, or is being killed. Renewed, the record would keep the
     * others waiting, for ever where the kernel does not let go of the process; given up before the
     * process is gone, it would say that they need not wait.
     */
    public boolean isDying(GuardStatus guard) {
        return armed()
                && (guard.state() == GuardStatus.State.DEAD
                        || (guard.state() == GuardStatus.State.DYING
                                && guard.fencedEpoch() >= epoch()));
    }

    /** Whether the time of this holder, of whose mysqld it was the limit, has passed. */
    public boolean isOver(long bootMillis) {
        return armed() && bootMillis >= deadlineMillis;
    }

    /** Whether a holder in {@code state} may be writable. */
    public static boolean armed(LeaderState state) {
        return switch (state) {
            case PROMOTING, SERVING, SWITCHING -> true;
            case ELECTING, RELEASED -> false;
        };
    }
}
