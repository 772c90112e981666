package io.moha.agent.decide;

import io.moha.protocol.base.Moment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often this node asked to be replaced and was not. What failed once will most likely fail
 * again at once, and each attempt makes clients wait: the pause between two doubles. Immutable.
 *
 * @param id of the last switchover that this node asked for itself; empty when it never did
 * @param since when that was first seen; null when it was answered by another primary, or when what
 *     it was for is over
 * @param vain how many in a row came to nothing, if the last one does; 0 when {@code since} is null
 */
public record Resignations(String id, @Nullable Moment since, int vain) {

    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** This node never asked. */
    static Resignations none() {
        return new Resignations("", null, 0);
    }

    /**
     * After a look that shows {@code last}, this node's own last request; null when there is none.
     */
    Resignations next(@Nullable String last, Moment now) {
        return last == null || last.equals(id) ? this : new Resignations(last, now, vain + 1);
    }

    /** After somebody else took over, or after the reason to be replaced went away. */
    Resignations over() {
        return new Resignations(id, null, 0);
    }

    /** Whether it is too early at {@code now} to ask again. */
    boolean isTooEarly(Moment now) {
        return since != null && now.since(since).compareTo(pause()) < 0;
    }

    /** How long to wait after the last request; zero before the first one. */
    Duration pause() {
        return vain == 0 ? Duration.ZERO : BackOff.doubled(FIRST, vain - 1, LONGEST);
    }
}
