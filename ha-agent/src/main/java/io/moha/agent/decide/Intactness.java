package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;

/**
 * Whether this node still has all that it acknowledged. What takes that away is a start of mysqld
 * that throws the relay log away (relay_log_recovery), or a rebuild, which throws everything away
 * before the copy is whole; the node counts as intact again when it has everything that the primary
 * had committed at a later renewal. Following another primary takes nothing away: the relay log is
 * applied before.
 *
 * @param pid of the mysqld this is about; 0 before the first
 * @param intact whether nothing can be missing
 * @param epoch of the leader record when this began to be doubtful
 * @param seq of that record
 */
public record Intactness(long pid, boolean intact, long epoch, long seq) {

    /** How many renewals must pass until a floor surely was read after the doubt arose. */
    private static final int RENEWALS = 2;

    /** Nothing known yet. */
    public static Intactness unknown() {
        return new Intactness(0, false, 0, 0);
    }

    /**
     * What is known after another look.
     *
     * @param keepsRelayLog whether this mysqld is known to start without losing its relay log
     * @param emptied whether a rebuild began since this node last had everything
     */
    public Intactness next(Observation seen, boolean keepsRelayLog, boolean emptied) {
        if (emptied && intact) {
            // Whatever else is known: the next look at a server begins anew.
            return unknown();
        }
        LeaderRecord leader = seen.leader();
        ServerFacts facts = seen.server().facts();
        long pidNow = seen.server().guard().pid();
        if (facts == null || leader == null) {
            return this;
        }
        boolean keeps = keepsRelayLog && !emptied;
        if (pidNow != pid) {
            return new Intactness(pidNow, keeps, leader.epoch(), leader.seq());
        }
        boolean now = intact || keeps || caughtUp(seen, facts, leader);
        return now == intact ? this : new Intactness(pid, now, epoch, seq);
    }

    private boolean caughtUp(Observation seen, ServerFacts facts, LeaderRecord leader) {
        ServerFacts.ReplicaFacts replica = facts.replica();
        boolean later =
                leader.epoch() > epoch
                        || (leader.epoch() == epoch && leader.seq() - seq >= RENEWALS);
        boolean serving =
                leader.state() == LeaderState.SERVING || leader.state() == LeaderState.SWITCHING;
        boolean receives = replica != null && replica.ioRunning() && !seen.server().gutted();
        if (replica == null || !receives || !later || !serving) {
            return false;
        }
        String source = replica.sourceHost() + ":" + replica.sourcePort();
        GtidSet received = GtidSet.parse(facts.executed()).union(GtidSet.parse(facts.retrieved()));
        return source.equals(leader.address()) && received.contains(GtidSet.parse(leader.floor()));
    }
}
