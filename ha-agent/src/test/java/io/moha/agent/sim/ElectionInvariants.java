package io.moha.agent.sim;

import io.moha.agent.decide.Tally;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import org.jspecify.annotations.Nullable;

/**
 * E1 to E6 and F2: an old primary acknowledges nothing that the new one lacks; a winner has
 * everything acknowledged and executed all it must before it is writable; one elector per epoch; no
 * relay log is thrown away that holds the only copy; nobody is appointed without a frozen quorum.
 * And E6: what an election knowingly loses, where operators allow that, is told.
 */
final class ElectionInvariants extends Invariant {

    private final Gtids acknowledged;

    ElectionInvariants(SimCluster cluster, Gtids acknowledged) {
        super(cluster);
        this.acknowledged = acknowledged;
    }

    @Override
    public void onAcknowledged(SimMysql server, Trx trx) {
        LeaderRecord leader = leader();
        if (leader == null || leader.holder().equals(server.host().id())) {
            return;
        }
        boolean decided =
                leader.state() == LeaderState.PROMOTING
                        || leader.state() == LeaderState.SERVING
                        || leader.state() == LeaderState.SWITCHING;
        if (decided && !node(leader.holder()).mysql().data.has(trx)) {
            SimNode late = cluster.nodes().get(server.index());
            if (cluster.mayLose() && (late.isGuardImpaired() || late.isStuck())) {
                // No acknowledgement that an election could take away: only its guard stops it.
                acknowledged.remove(trx);
                return;
            }
            throw new BrokenInvariantError(
                    "E1",
                    "%s acknowledged %s in the time of %s"
                            .formatted(server.host().id(), trx, leader.holder()));
        }
    }

    @Override
    public void onWritable(SimMysql server) {
        LeaderRecord leader = leader();
        if (leader != null && leader.holder().equals(server.host().id())) {
            Gtids lacks = gtids(leader.floor()).minus(server.data.executed);
            require(lacks.isEmpty(), "E3", server.host().id() + " is writable without " + lacks);
        }
    }

    @Override
    public void onDiscard(SimMysql server, SimMysql donor) {
        checkOnlyCopy(server, server.data.everything());
    }

    @Override
    public void onPurge(SimMysql server) {
        checkOnlyCopy(server, server.data.undrained());
    }

    private void checkOnlyCopy(SimMysql server, Gtids lost) {
        lost.retainAll(acknowledged);
        for (SimNode node : cluster.nodes()) {
            if (node.mysql() != server) {
                lost.removeAll(node.mysql().data.everything());
            }
        }
        require(lost.isEmpty(), "E5", server.host().id() + " threw the only copy away: " + lost);
    }

    @Override
    void onLeader(int by, @Nullable LeaderRecord old, LeaderRecord now, ClusterSnapshot before) {
        boolean changes = old == null || old.state() != now.state() || begins(old, now);
        if (!changes) {
            return;
        }
        SimMysql holder = node(now.holder()).mysql();
        if (now.state() == LeaderState.PROMOTING && isLossAllowed(old, now, before)) {
            giveUp(now, before);
        } else if (now.state() == LeaderState.PROMOTING) {
            Gtids lacks = acknowledged.minus(holder.data.everything());
            require(lacks.isEmpty(), "E2", now.holder() + " is to lead without " + lacks);
        }
        if (now.state() == LeaderState.SERVING) {
            Gtids lacks = acknowledged.minus(holder.data.executed);
            require(lacks.isEmpty(), "E2", now.holder() + " serves without " + lacks);
        }
        if (old != null
                && old.state() == LeaderState.ELECTING
                && now.state() == LeaderState.PROMOTING
                && now.epoch() == old.epoch()) {
            checkQuorum(now, before);
        }
        if (now.state() == LeaderState.ELECTING && begins(old, now)) {
            require(now.holder().equals("n" + (by + 1)), "E4", by + " elects as " + now.holder());
        }
    }

    /** Only an election may lose anything, and only while no acknowledgements were recorded. */
    private boolean isLossAllowed(
            @Nullable LeaderRecord old, LeaderRecord now, ClusterSnapshot before) {
        SyncRecord sync = before.syncRecord();
        return cluster.mayLose()
                && old != null
                && old.state() == LeaderState.ELECTING
                && old.epoch() == now.epoch()
                && sync != null
                && sync.mode() == SyncMode.ASYNC;
    }

    /** What was known of it must be told. */
    private void giveUp(LeaderRecord now, ClusterSnapshot before) {
        Gtids lost = acknowledged.minus(node(now.holder()).mysql().data.everything());
        LeaderRecord old = before.leaderRecord();
        Gtids untold = gtids(old == null ? "" : old.floor());
        untold.retainAll(lost);
        untold.removeAll(gtids(Tally.lostIn(now.reason())));
        require(untold.isEmpty(), "E6", now.holder() + " leads and nobody is told: " + untold);
        acknowledged.removeAll(lost);
    }

    private void checkQuorum(LeaderRecord now, ClusterSnapshot before) {
        SyncRecord sync = before.syncRecord();
        String last = before.lastPrimary();
        if (sync == null
                || last == null
                || sync.mode() != SyncMode.SYNC
                || now.holder().equals(last)) {
            return;
        }
        int last0 = node(last).index();
        long frozen =
                sync.ackers().stream()
                        .map(id -> node(id).mysql())
                        .filter(acker -> !acker.receiver.isRunning() || acker.data.source != last0)
                        .count();
        int needed = sync.ackers().size() - sync.acks() + 1;
        require(
                frozen >= needed,
                "F2",
                "%s appointed while %d of %s are frozen"
                        .formatted(now.holder(), frozen, sync.ackers()));
    }
}
