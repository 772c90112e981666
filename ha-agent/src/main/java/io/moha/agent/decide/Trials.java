package io.moha.agent.decide;

import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who was appointed lately and did not come to serve. For a while others that are as good are
 * preferred; nobody is ever excluded by it. Immutable.
 *
 * @param tried who is being promoted; null when nobody is
 * @param epoch of that promotion
 * @param failed whose promotion failed last; null when none did
 * @param failedAt when that was seen; null when none did
 */
public record Trials(
        @Nullable String tried, long epoch, @Nullable String failed, @Nullable Moment failedAt) {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** Nobody was tried yet. */
    static Trials none() {
        return new Trials(null, 0, null, null);
    }

    /** What is known after a look at {@code leader} at {@code now}. */
    Trials next(@Nullable LeaderRecord leader, Moment now) {
        if (leader == null) {
            return this;
        }
        Trials known = this;
        boolean over = leader.epoch() > epoch || leader.state() == LeaderState.RELEASED;
        if (tried != null && over) {
            known = new Trials(null, 0, tried, now);
        }
        return switch (leader.state()) {
            case PROMOTING ->
                    new Trials(leader.holder(), leader.epoch(), known.failed, known.failedAt);
            case SERVING, SWITCHING ->
                    leader.holder().equals(known.failed)
                            ? none()
                            : new Trials(null, 0, known.failed, known.failedAt);
            case ELECTING, RELEASED -> known;
        };
    }

    /** Who should not be the first to be tried again at {@code now}; null when there is nobody. */
    @Nullable String penalised(Moment now) {
        Moment at = failedAt;
        return at != null && now.since(at).compareTo(REMEMBERED) < 0 ? failed : null;
    }
}
