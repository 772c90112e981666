package io.moha.agent.act;

import io.moha.protocol.cluster.LeaderRecord;
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
     * Until when a holder may act that sent {@code record} at {@code sentMillis}, on the same
     * clock. Others go by what the record says, which may be of before a change of configuration.
     */
    long deadline(long sentMillis, LeaderRecord record) {
        return sentMillis + Math.min(ttl.toMillis(), record.ttlMs()) - margin.toMillis();
    }
}
