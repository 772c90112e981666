package io.moha.protocol.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What a node last said about its mysqld. Written when something in it changes that others act on,
 * and always when an election asked for it; figures that move all the time are served by the
 * agent's HTTP instead.
 *
 * @param role what the node does
 * @param reason why it is in that role, for people
 * @param promisedEpoch the highest epoch for which this node froze its relay log; 0 when none
 * @param executed gtid_executed when the report was made
 * @param retrieved GTIDs in the relay log, received but perhaps not applied
 * @param intact whether the relay log was not purged since the node became an acker
 * @param ioRunning whether the replica receives
 * @param sqlRunning whether the replica applies
 * @param lagMs estimated replication lag in milliseconds; negative when unknown
 * @param source address the replica receives from, host:port
 * @param mysqlVersion for example 9.7.4
 * @param error the last replication or server error, for people
 * @param standsBy the epoch of the primary, cut off from the store, to which this node promised to
 *     take part in no later election for now; null when to none
 * @param diskPercent how full the fullest file system is that the server writes to; null when
 *     unknown
 */
public record MemberReport(
        NodeRole role,
        String reason,
        long promisedEpoch,
        String executed,
        String retrieved,
        boolean intact,
        boolean ioRunning,
        boolean sqlRunning,
        long lagMs,
        @Nullable String source,
        @Nullable String mysqlVersion,
        @Nullable String error,
        @Nullable Long standsBy,
        @Nullable Integer diskPercent) {

    /** A report of a node that stands by no primary, and about whose disk nothing is known. */
    public MemberReport(
            NodeRole role,
            String reason,
            long promisedEpoch,
            String executed,
            String retrieved,
            boolean intact,
            boolean ioRunning,
            boolean sqlRunning,
            long lagMs,
            @Nullable String source,
            @Nullable String mysqlVersion,
            @Nullable String error) {
        this(
                role,
                reason,
                promisedEpoch,
                executed,
                retrieved,
                intact,
                ioRunning,
                sqlRunning,
                lagMs,
                source,
                mysqlVersion,
                error,
                null,
                null);
    }

    /** The same, standing by the primary of epoch {@code primary}; null for none. */
    public MemberReport standingBy(@Nullable Long primary) {
        return new MemberReport(
                role,
                reason,
                promisedEpoch,
                executed,
                retrieved,
                intact,
                ioRunning,
                sqlRunning,
                lagMs,
                source,
                mysqlVersion,
                error,
                primary,
                diskPercent);
    }
}
