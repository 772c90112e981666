package io.moha.agent.sim;

import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * S1 and S2: what the store says of acknowledgements is never laxer than what they were. Every
 * acknowledged transaction is known to be needed (floor), or any election that the record allows
 * would hear of it; and nobody's acknowledgement counts who is not recorded.
 */
final class SyncInvariants extends Invariant {

    private final Gtids acknowledged;
    private boolean changed;

    SyncInvariants(SimCluster cluster, Gtids acknowledged) {
        super(cluster);
        this.acknowledged = acknowledged;
    }

    @Override
    public void onAck(SimMysql source, SimMysql replica) {
        LeaderRecord leader = leader();
        SyncRecord sync = sync();
        if (leader == null
                || sync == null
                || sync.mode() != SyncMode.SYNC
                || leader.state() != LeaderState.SERVING
                || !leader.holder().equals(source.host().id())) {
            return;
        }
        if (!sync.ackers().contains(replica.host().id())) {
            throw new BrokenInvariantError(
                    "S1",
                    "%s acknowledges unrecorded to %s, ackers %s"
                            .formatted(replica.host().id(), source.host().id(), sync.ackers()));
        }
    }

    @Override
    public void onAcknowledged(SimMysql server, Trx trx) {
        LeaderRecord leader = leader();
        SyncRecord sync = sync();
        if (leader == null || sync == null || !leader.holder().equals(server.host().id())) {
            return;
        }
        if (sync.mode() == SyncMode.SYNC) {
            long have = sync.ackers().stream().filter(id -> node(id).mysql().data.has(trx)).count();
            if (have < sync.acks()) {
                throw new BrokenInvariantError(
                        "S1",
                        "%s acknowledged %s, which %d of %s have"
                                .formatted(server.host().id(), trx, have, sync.ackers()));
            }
        }
    }

    @Override
    public void onDiscard(SimMysql server, SimMysql donor) {
        changed = true;
    }

    @Override
    public void onPurge(SimMysql server) {
        changed = true;
    }

    @Override
    void onLeader(int by, @Nullable LeaderRecord old, LeaderRecord now, ClusterSnapshot before) {
        changed = true;
    }

    @Override
    void onSync() {
        changed = true;
    }

    @Override
    void check() {
        if (changed) {
            changed = false;
            checkHeard();
        }
    }

    private void checkHeard() {
        ClusterSnapshot now = cluster.store().trusted();
        LeaderRecord leader = now.leaderRecord();
        SyncRecord sync = now.syncRecord();
        if (leader == null || sync == null) {
            return;
        }
        Gtids open = acknowledged.minus(gtids(leader.floor()));
        if (open.isEmpty()) {
            return;
        }
        if (sync.mode() == SyncMode.SYNC) {
            // A vote of one that began to throw its data away does not count as an acker's.
            List<String> count =
                    sync.ackers().stream()
                            .filter(id -> !node(id).ledger().state().isEmptied())
                            .toList();
            int emptied = sync.ackers().size() - count.size();
            Gtids unheard = open.minus(heldBy(count, Math.max(0, sync.acks() - emptied)));
            require(
                    unheard.isEmpty(),
                    "S2",
                    "an election over %s might not hear of %s".formatted(sync.ackers(), unheard));
        } else {
            String only = now.lastPrimary();
            if (only != null && sync.mode() == SyncMode.SPM) {
                Gtids lacks = open.minus(node(only).mysql().data.everything());
                require(lacks.isEmpty(), "S2", "only " + only + " may lead and lacks " + lacks);
            }
        }
    }

    /** What at least {@code copies} of {@code ids} have. */
    private Gtids heldBy(List<String> ids, int copies) {
        Gtids[] atLeast = new Gtids[copies + 1];
        for (int i = 0; i <= copies; i++) {
            atLeast[i] = new Gtids(cluster.origins());
        }
        atLeast[0].addAll(acknowledged);
        for (String id : ids) {
            Gtids has = node(id).mysql().data.everything();
            for (int i = copies; i > 0; i--) {
                Gtids more = atLeast[i - 1].copy();
                more.retainAll(has);
                atLeast[i].addAll(more);
            }
        }
        return atLeast[copies];
    }
}
