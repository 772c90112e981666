package io.moha.agent.decide;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.base.Moment;
import org.jspecify.annotations.Nullable;

/**
 * This node's mysqld.
 *
 * @param guard what the guard says
 * @param bootMillis the guard's clock now
 * @param facts from the last look at this very process; null before the first that succeeded
 * @param prepared whether this very process was prepared
 * @param gutted whether it may name transactions whose rows are gone: a copy ended half-way
 * @param failure what the last look failed with; null when it succeeded
 * @param message of that failure
 * @param failingSince since when looks fail; null when the last one succeeded
 */
public record ServerView(
        GuardStatus guard,
        long bootMillis,
        @Nullable ServerFacts facts,
        boolean prepared,
        boolean gutted,
        MysqlException.@Nullable Kind failure,
        String message,
        @Nullable Moment failingSince) {

    /** Of a server whose data are all there. */
    public ServerView(
            GuardStatus guard,
            long bootMillis,
            @Nullable ServerFacts facts,
            boolean prepared,
            MysqlException.@Nullable Kind failure,
            String message,
            @Nullable Moment failingSince) {
        this(guard, bootMillis, facts, prepared, false, failure, message, failingSince);
    }

    /** Whether the last look met silence, rather than a refusal, which is an answer. */
    boolean isSilent() {
        return failure == MysqlException.Kind.UNREACHABLE || failure == MysqlException.Kind.TIMEOUT;
    }

    /** Whether the guard would let a writable server of {@code epoch} live for {@code millis}. */
    boolean armedFor(long epoch, long millis) {
        return guard.state() == GuardStatus.State.RUNNING
                && guard.epoch() == epoch
                && guard.fencedEpoch() < epoch
                && guard.deadlineMillis() - bootMillis > millis;
    }
}
