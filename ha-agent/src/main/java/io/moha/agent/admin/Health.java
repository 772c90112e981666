package io.moha.agent.admin;

import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.NodeRole;
import java.time.Duration;

/**
 * What load balancers ask. Pure: the same picture at the same time gives the same answer.
 *
 * @param view the loop's last picture
 * @param bootMillis the boot clock now
 */
record Health(AgentView view, long bootMillis) {

    // The loop publishes several times a second; longer than this, and it does not work.
    private static final Duration STALE = Duration.ofSeconds(15);

    /** Whether writes may be sent here. Holds only while the guard would let mysqld live. */
    boolean isPrimary() {
        AgentView.Leader leader = view.leader();
        AgentView.Server mysql = view.mysql();
        return view.role() == NodeRole.PRIMARY
                && leader != null
                && leader.node().equals(view.node())
                && leader.state() == LeaderState.SERVING
                && mysql != null
                && !mysql.readOnly()
                && view.guard().deadlineMillis() > bootMillis;
    }

    /** Whether reads may be sent here that accept data as old as {@code maxLag}. */
    boolean isReplica(Duration maxLag) {
        AgentView.Server mysql = view.mysql();
        AgentView.Replication replication = mysql == null ? null : mysql.replication();
        return view.role() == NodeRole.REPLICA
                && replication != null
                && replication.receiving()
                && replication.applying()
                && replication.lagMs() >= 0
                && replication.lagMs() <= maxLag.toMillis();
    }

    /** Whether mysqld runs and answers. */
    boolean isUp() {
        return view.mysql() != null && isAlive();
    }

    /** Whether this node does its part: as primary, or as a replica however far behind. */
    boolean isReady() {
        return isPrimary() || isReplica(Duration.ofMillis(Long.MAX_VALUE));
    }

    /** Whether the agent itself still works. */
    boolean isAlive() {
        return bootMillis - view.bootMillis() < STALE.toMillis();
    }
}
