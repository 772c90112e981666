package io.moha.protocol.base;

import java.time.Duration;

/**
 * A point on this machine's monotonic clock; means nothing on another machine.
 *
 * @param nanos the reading, in nanoseconds from an arbitrary origin; may wrap, so only differences
 *     count
 */
public record Moment(long nanos) {

    /** Whether this point lies before {@code other}. */
    public boolean isBefore(Moment other) {
        return nanos - other.nanos < 0;
    }

    /** The point {@code duration} later; a negative duration gives an earlier point. */
    public Moment plus(Duration duration) {
        return new Moment(nanos + duration.toNanos());
    }

    /** The point {@code duration} earlier. */
    public Moment minus(Duration duration) {
        return new Moment(nanos - duration.toNanos());
    }

    /** The time from {@code earlier} to this point; negative when {@code earlier} is later. */
    public Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }
}
