package io.moha.protocol.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of primary.
 *
 * @param version of this record's shape, 1
 * @param epoch the new leadership period
 * @param atMs wall time when the new primary began to serve, milliseconds since 1970
 * @param kind what sort of change
 * @param reason why, for people
 * @param from the primary before; null for the first
 * @param to the primary now
 * @param phaseMillis how long each phase took, by name
 * @param lost GTID set known to be lost; empty when none
 * @param serverUuid of the new primary's mysqld; null in records of before it was noted
 */
public record HistoryRecord(
        int version,
        long epoch,
        long atMs,
        Kind kind,
        String reason,
        @Nullable String from,
        String to,
        Map<String, Long> phaseMillis,
        String lost,
        @Nullable String serverUuid) {

    /** Copies the map. */
    public HistoryRecord {
        phaseMillis = Map.copyOf(phaseMillis);
    }

    /** Sorts of change. */
    public enum Kind {
        /** The cluster's first primary. */
        BOOTSTRAP,
        /** Planned. */
        SWITCHOVER,
        /** Unplanned, by election. */
        FAILOVER,
        /** The same node again, after a restart. */
        RESUME,
        /** Ordered by an operator although the cluster refused. */
        FORCED
    }
}
