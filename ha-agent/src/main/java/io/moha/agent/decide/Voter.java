package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;

/**
 * A member as an election sees it.
 *
 * @param id of the node
 * @param serverUuid of its mysqld
 * @param executed what it has committed
 * @param received what it has, committed or only in its relay log
 * @param intact whether its relay log still has everything that it acknowledged
 * @param priority preference for promotion, larger first
 * @param neverPromote whether it must never become primary
 * @param broken whether its applier stopped with an error, so that it cannot use what it received
 */
public record Voter(
        String id,
        String serverUuid,
        GtidSet executed,
        GtidSet received,
        boolean intact,
        int priority,
        boolean neverPromote,
        boolean broken) {

    /** {@code member}'s vote, with priority and exclusion as operators set them last. */
    public static Voter of(MemberRecord member, int priority, boolean neverPromote) {
        MemberReport report = member.report();
        GtidSet executed = GtidSet.parse(report.executed());
        GtidSet received = executed.union(GtidSet.parse(report.retrieved()));
        String error = report.error();
        boolean broken =
                report.role() != NodeRole.PRIMARY
                        && !report.sqlRunning()
                        && error != null
                        && !error.isEmpty();
        return new Voter(
                member.id(),
                member.serverUuid(),
                executed,
                received,
                report.intact(),
                priority,
                neverPromote,
                broken);
    }

    /** How much it has received and not yet applied, in transactions. */
    long backlog() {
        return received.subtract(executed).count();
    }
}
