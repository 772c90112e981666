package io.moha.agent.decide;

import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's lease as seen from here: how long its record has stood still on this machine's own
 * clock. A candidate that just came to life therefore waits a whole ttl from its first read. A
 * missing key expires nothing (etcd can lose a key early), and neither does etcd's own lease.
 *
 * @param record as last seen; null when the key was missing
 * @param since when exactly this record was first seen
 */
public record ObservedLease(@Nullable LeaderRecord record, Moment since) {

    /** What is known now that {@code seen} was read, the answer having arrived at {@code at}. */
    public ObservedLease observe(@Nullable LeaderRecord seen, Moment at) {
        if (record == null || seen == null) {
            return record == null && seen == null ? this : new ObservedLease(seen, at);
        }
        boolean still =
                record.epoch() == seen.epoch()
                        && record.seq() == seen.seq()
                        && record.holder().equals(seen.holder())
                        && record.incarnation().equals(seen.incarnation())
                        && record.state() == seen.state();
        return still ? this : new ObservedLease(seen, at);
    }

    /** Whether the holder's time is over, at {@code now}: it can act no more under this record. */
    public boolean isExpired(Moment now) {
        return record != null && now.since(since).compareTo(Duration.ofMillis(record.ttlMs())) > 0;
    }
}
