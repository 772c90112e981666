package io.moha.agent.decide;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node's relay log still has all that it acknowledged. A restart of mysqld and a
 * change of source can each throw received transactions away; after either, the node counts as
 * intact again only when it has everything that the primary had committed at a later renewal.
 *
 * @param pid of the mysqld this is about; 0 before the first
 * @param source it received from; empty when from nowhere
 * @param intact whether nothing can be missing
 * @param epoch of the leader record when this began to be doubtful
 * @param seq of that record
 */
public record Intactness(long pid, String source, boolean intact, long epoch, long seq) {

    /** How many renewals must pass until a floor surely was read after the doubt arose. */
    private static final int RENEWALS = 2;

    /** Nothing known yet. */
    public static Intactness unknown() {
        return new Intactness(0, "", false, 0, 0);
    }

    /** What is known after another look at the server and at the leader record. */
    public Intactness next(
            long pidNow, @Nullable ServerFacts facts, @Nullable LeaderRecord leader) {
        if (facts == null || leader == null) {
            return this;
        }
        ServerFacts.ReplicaFacts replica = facts.replica();
        String sourceNow = replica == null ? "" : replica.sourceHost() + ":" + replica.sourcePort();
        if (pidNow != pid || !sourceNow.equals(source)) {
            return new Intactness(pidNow, sourceNow, false, leader.epoch(), leader.seq());
        }
        if (intact || replica == null || !replica.ioRunning()) {
            return this;
        }
        boolean later =
                leader.epoch() > epoch
                        || (leader.epoch() == epoch && leader.seq() - seq >= RENEWALS);
        boolean serving =
                leader.state() == LeaderState.SERVING || leader.state() == LeaderState.SWITCHING;
        if (!later || !serving || !sourceNow.equals(leader.address())) {
            return this;
        }
        GtidSet received = GtidSet.parse(facts.executed()).union(GtidSet.parse(facts.retrieved()));
        return received.contains(GtidSet.parse(leader.floor()))
                ? new Intactness(pid, source, true, epoch, seq)
                : this;
    }
}
