package io.moha.agent.admin;

import io.moha.agent.decide.Verdict;
import io.moha.agent.guard.GuardStatus;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One whole picture of an agent, published by its loop after each tick. Immutable; this is what
 * HTTP shows, and {@code /status} is its JSON.
 *
 * @param cluster name of the cluster
 * @param node id of this node
 * @param role what the node does
 * @param reason why, for people
 * @param epoch highest leadership period this node knows
 * @param bootMillis when the picture was made, on the boot clock
 * @param storeReachable whether etcd answered lately
 * @param paused whether maintenance mode is on
 * @param leader who leads; null while that is unknown
 * @param mysql what its server said last; null while it does not answer
 * @param guard the guard's last word
 * @param sync whose acknowledgements count; null while that is unknown
 * @param verdict what is wrong with its server; null while nothing is known
 * @param blockers what keeps an automatic failover from happening right now, for people
 */
public record AgentView(
        String cluster,
        String node,
        NodeRole role,
        String reason,
        long epoch,
        long bootMillis,
        boolean storeReachable,
        boolean paused,
        @Nullable Leader leader,
        @Nullable Server mysql,
        GuardStatus guard,
        @Nullable Sync sync,
        @Nullable Verdict verdict,
        List<String> blockers) {

    /** Copies the list. */
    public AgentView {
        blockers = List.copyOf(blockers);
    }

    /** Before the first tick. */
    public static AgentView starting(String cluster, String node) {
        GuardStatus unknown = new GuardStatus(GuardStatus.State.UNREACHABLE, 0, 0, 0, 0, 0, "");
        return new AgentView(
                cluster,
                node,
                NodeRole.DOWN,
                "the agent starts",
                0,
                0,
                false,
                false,
                null,
                null,
                unknown,
                null,
                null,
                List.of());
    }

    /**
     * Who leads.
     *
     * @param node id of the holder
     * @param address where clients reach its mysqld; empty when unknown
     * @param state how far it has come
     * @param epoch its leadership period
     */
    public record Leader(String node, String address, LeaderState state, long epoch) {}

    /**
     * This node's mysqld.
     *
     * @param version for example 9.7.0
     * @param readOnly whether super_read_only is on
     * @param executed gtid_executed
     * @param semiSyncClients semi-sync replicas connected
     * @param waitingCommits sessions that wait for an acknowledgement
     * @param diskPercent how full the fullest file system is that it writes to; negative when
     *     unknown
     * @param replication how it replicates; null when it does not
     */
    public record Server(
            String version,
            boolean readOnly,
            String executed,
            int semiSyncClients,
            int waitingCommits,
            int diskPercent,
            @Nullable Replication replication) {}

    /**
     * Replication into this node's mysqld.
     *
     * @param source where it receives from, host:port
     * @param receiving whether the receiver is connected
     * @param applying whether the applier runs
     * @param lagMs milliseconds behind; negative when unknown
     * @param error last error; empty when none
     */
    public record Replication(
            String source, boolean receiving, boolean applying, long lagMs, String error) {}

    /**
     * Whose acknowledgements count.
     *
     * @param mode what an acknowledged commit is worth
     * @param acks how many ackers must have it
     * @param ackers their node ids
     */
    public record Sync(SyncMode mode, int acks, List<String> ackers) {

        /** Copies the list. */
        public Sync {
            ackers = List.copyOf(ackers);
        }
    }
}
