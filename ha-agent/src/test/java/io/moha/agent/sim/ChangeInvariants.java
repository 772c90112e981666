package io.moha.agent.sim;

import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * W1 to W3 and R1 to R6: a hand-over gives away a final set; only the holder of record becomes
 * writable; a node follows only who has everything that it has; nobody writes transactions but a
 * leader; a live primary is never made a replica. What a rebuild throws away was kept, nobody gives
 * a name that is in use to another transaction, and half a copy follows nobody and leads nobody.
 */
final class ChangeInvariants extends Invariant {

    private final Map<Integer, BitSet> names = new HashMap<>();

    ChangeInvariants(SimCluster cluster) {
        super(cluster);
    }

    @Override
    void onLeader(int by, @Nullable LeaderRecord old, LeaderRecord now, ClusterSnapshot before) {
        if (!isHandOver(by, old, now)) {
            return;
        }
        SimMysql source = cluster.nodes().get(by).mysql();
        Gtids missed = source.data.logged.minus(gtids(now.floor()));
        require(missed.isEmpty(), "W1", "handed over without " + missed);
        SimMysql target = node(now.holder()).mysql();
        Gtids lacks = gtids(now.floor()).minus(target.data.everything());
        require(lacks.isEmpty(), "W2", now.holder() + " takes over without " + lacks);
    }

    @Override
    public void onWritable(SimMysql server) {
        LeaderRecord leader = leader();
        boolean holds =
                leader != null
                        && leader.holder().equals(server.host().id())
                        && leader.state() != LeaderState.ELECTING
                        && leader.state() != LeaderState.RELEASED;
        SimNode node = cluster.nodes().get(server.index());
        // A machine that thaws may run a moment before its guard does; nobody acknowledges then.
        boolean thaws = node.isGuardImpaired() || node.isStuck();
        require(holds || thaws, "W3", server.host().id() + " becomes writable under " + leader);
    }

    @Override
    public void onFollow(SimMysql replica, SimMysql source) {
        if (replica.receiver.isRetrying() && source.data.gutted) {
            // A server goes back to its source by itself, whatever became of that while its own
            // agent was cut off. It gets nothing there: half a copy has no logs.
            return;
        }
        require(
                !replica.data.gutted && !source.data.gutted,
                "R6",
                "%s follows %s, and one of them is half a copy"
                        .formatted(replica.host().id(), source.host().id()));
        Gtids extra = replica.data.everything().minus(source.data.everything());
        require(
                extra.isEmpty(),
                "R1",
                "%s follows %s, which lacks %s"
                        .formatted(replica.host().id(), source.host().id(), extra));
    }

    @Override
    public void onDiscard(SimMysql server, SimMysql donor) {
        require(!server.isWritable(), "R4", server.host().id() + " is writable and rebuilt");
        Gtids gone = server.data.everything().minus(donor.data.everything());
        gone.removeAll(cluster.kept(server.index()));
        require(gone.isEmpty(), "R2", server.host().id() + " throws away unkept: " + gone);
    }

    @Override
    public void onTransaction(SimMysql server, Trx trx) {
        checkName(server, trx);
        SimGuard guard = cluster.nodes().get(server.index()).guard();
        if (guard == null || guard.epoch() == 0) {
            throw new BrokenInvariantError("R3", trx + " was written by no leader");
        }
    }

    /**
     * A name that another transaction had is given again only when nobody has that one any more.
     */
    private void checkName(SimMysql server, Trx trx) {
        boolean fresh = !names.computeIfAbsent(trx.origin(), _ -> new BitSet()).get(trx.number());
        names.computeIfAbsent(trx.origin(), _ -> new BitSet()).set(trx.number());
        for (SimNode node : cluster.nodes()) {
            require(
                    fresh || node.mysql() == server || !node.mysql().data.has(trx),
                    "R5",
                    "%s writes %s, which %s has another one of"
                            .formatted(server.host().id(), trx, node.id()));
        }
    }

    @Override
    public void onPurge(SimMysql server) {
        require(
                !server.isWritable(),
                "R4",
                server.host().id() + " is writable and made a replica of another");
    }
}
