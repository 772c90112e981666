package io.moha.agent.act;

import java.time.Duration;

/**
 * The times of a lease.
 *
 * @param ttl how long a holder may act after it sent a renewal, margin included
 * @param renewEvery time between renewals
 * @param margin what the holder keeps back for being killed and for clocks that drift
 */
public record LeaseTimes(Duration ttl, Duration renewEvery, Duration margin) {

    /** How soon a renewal that got no answer is tried again. */
    public Duration retryAfter() {
        return renewEvery.dividedBy(4);
    }

    /**
     * Until when a holder may act that sent a record with this ttl at {@code sentMillis}, on the
     * same clock, once the store confirmed it: whoever takes over then has to watch that record.
     */
    long deadline(long sentMillis) {
        return sentMillis + ttl.toMillis() - margin.toMillis();
    }
}
