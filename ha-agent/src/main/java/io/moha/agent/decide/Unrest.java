package io.moha.agent.decide;

import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.HistoryRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many changes of primary followed close on each other. A primary that is well and only would
 * be better elsewhere stays the longer the more there were, so that nothing flaps. Nothing that is
 * needed waits for this: a dead primary is replaced at once, however many died before. Immutable.
 *
 * @param epoch of the last change that was seen; negative before the first look
 * @param changes how many came in a row, the last one included
 * @param lastAt when the last one was seen; null when none was seen to come
 */
public record Unrest(long epoch, int changes, @Nullable Moment lastAt) {

    /** Changes with more than this between them have nothing to do with each other. */
    private static final Duration CALM = Duration.ofMinutes(10);

    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** Nothing was seen yet. */
    static Unrest unknown() {
        return new Unrest(-1, 0, null);
    }

    /**
     * What is known after a look at {@code last}, the last change of primary; null when there never
     * was one.
     */
    Unrest next(@Nullable HistoryRecord last, Duration minTenure, Moment now) {
        long seen = last == null ? 0 : last.epoch();
        if (epoch < 0) {
            return new Unrest(seen, 0, null);
        }
        if (seen == epoch) {
            return this;
        }
        Duration quiet = CALM.plus(tenure(minTenure));
        boolean soon = lastAt != null && now.since(lastAt).compareTo(quiet) < 0;
        return new Unrest(seen, soon ? changes + 1 : 1, now);
    }

    /** How long a primary has to serve before it is changed without need. */
    Duration tenure(Duration minTenure) {
        Duration longest = minTenure.compareTo(LONGEST) > 0 ? minTenure : LONGEST;
        return changes < 2 ? minTenure : BackOff.doubled(minTenure, changes - 1, longest);
    }
}
