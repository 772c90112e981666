package io.moha.agent.mysql;

import org.jspecify.annotations.Nullable;

/**
 * What one look at a server found. GTID sets are as the server prints them, without white space.
 *
 * @param serverUuid of the server
 * @param version for example 9.7.4
 * @param readOnly whether super_read_only is on
 * @param executed gtid_executed
 * @param purged gtid_purged
 * @param retrieved Retrieved_Gtid_Set of the default channel; empty when it is no replica
 * @param replica how replication into this server goes; null when none is configured
 * @param semiSync how semi-sync out of this server goes
 * @param disk what space is left where it writes
 */
public record ServerFacts(
        String serverUuid,
        String version,
        boolean readOnly,
        String executed,
        String purged,
        String retrieved,
        @Nullable ReplicaFacts replica,
        SemiSyncFacts semiSync,
        DiskSpace disk) {

    /** Of a server about whose disk nothing is known. */
    public ServerFacts(
            String serverUuid,
            String version,
            boolean readOnly,
            String executed,
            String purged,
            String retrieved,
            @Nullable ReplicaFacts replica,
            SemiSyncFacts semiSync) {
        this(
                serverUuid,
                version,
                readOnly,
                executed,
                purged,
                retrieved,
                replica,
                semiSync,
                DiskSpace.UNKNOWN);
    }

    /** How full the fullest file system is that it writes to; negative when unknown. */
    public int diskPercent() {
        return disk.percent();
    }

    /**
     * Replication into a server.
     *
     * @param sourceHost where it receives from
     * @param sourcePort where it receives from
     * @param ioRunning whether the receiver is connected (not: connecting)
     * @param ioConnecting whether the receiver tries to connect
     * @param sqlRunning whether the applier runs
     * @param lagMs milliseconds behind the source's last commit; negative when unknown
     * @param lastError the receiver's or applier's last error; empty when none
     * @param applierError the applier's alone: it cannot use what was received; empty when none
     */
    public record ReplicaFacts(
            String sourceHost,
            int sourcePort,
            boolean ioRunning,
            boolean ioConnecting,
            boolean sqlRunning,
            long lagMs,
            String lastError,
            String applierError) {}

    /**
     * Semi-sync out of a server.
     *
     * @param sourceEnabled whether commits wait for replicas
     * @param sourceOn whether semi-sync is effective (Rpl_semi_sync_source_status)
     * @param clients semi-sync replicas connected
     * @param waitCount how many must acknowledge
     * @param waitSessions sessions that wait for an acknowledgement now; those queued behind them
     *     in the commit order are not counted, so this says whether, not how many
     * @param replicaEnabled whether this server acknowledges as a replica
     * @param lasting whether the wait ends by acknowledgements alone, and before others see the
     *     commit: not by a time limit, nor because too few replicas are connected
     */
    public record SemiSyncFacts(
            boolean sourceEnabled,
            boolean sourceOn,
            int clients,
            int waitCount,
            int waitSessions,
            boolean replicaEnabled,
            boolean lasting) {

        /** Whether commits surely wait for {@code acks} replicas, neither fewer nor more. */
        public boolean waitsFor(int acks) {
            return sourceEnabled && lasting && waitCount == acks;
        }
    }
}
