package io.moha.agent.sim;

import io.moha.agent.state.NodeState;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * L1 to L5: nobody takes the lead while its holder can still write; writable means guarded; epochs
 * only grow and have one holder; a tombstone means dead, or read-only and idle; a dead guard means
 * a dead mysqld. And F1: writable only within the time that the last renewal bought, or while
 * others' words keep every election from its quorum.
 */
final class LeaseInvariants extends Invariant {

    private static final long DEATH = 25 * Simulation.MS;
    private static final long SLACK = 100 * Simulation.MS;

    private final Map<Integer, Long> guardDeadSince = new HashMap<>();
    private final Map<Integer, Long> aloneUntil = new HashMap<>();
    private long highest;
    private int storeLife;

    LeaseInvariants(SimCluster cluster) {
        super(cluster);
    }

    @Override
    void check() {
        for (SimNode node : cluster.nodes()) {
            checkGuard(node);
            if (node.mysql().isWritable()) {
                checkWritable(node);
            }
        }
    }

    private void checkGuard(SimNode node) {
        SimGuard guard = node.guard();
        long now = cluster.sim().now();
        if (guard == null || guard.isAlive() || !node.mysql().isUp()) {
            guardDeadSince.remove(node.index());
            return;
        }
        long since = guardDeadSince.computeIfAbsent(node.index(), _ -> now);
        if (now - since > DEATH) {
            throw new BrokenInvariantError("L5", node.id() + "'s mysqld outlived its guard");
        }
    }

    private void checkWritable(SimNode node) {
        SimGuard guard = node.guard();
        if (guard != null && guard.isAlive() && !node.isBeingKilled()) {
            if (guard.deadline() == 0) {
                throw new BrokenInvariantError("L2", node.id() + " is writable and unguarded");
            }
        }
        // What a dead guard leaves behind dies at once (L5).
        boolean orphaned = guard == null || !guard.isAlive();
        if (orphaned || node.isGuardImpaired() || node.isStuck()) {
            return;
        }
        long bought = cluster.store().confirmedAt(node.index()) + cluster.leaseNanos();
        long late = cluster.sim().now() - bought - cluster.leaseNanos() / 40;
        if (late >= SLACK && !isPromised(node)) {
            throw new BrokenInvariantError(
                    "F1",
                    "%s is writable %d ms after its time"
                            .formatted(node.id(), late / Simulation.MS));
        }
    }

    /** Whether the words of other nodes keep every election from its quorum. */
    private boolean isPromised(SimNode node) {
        ClusterSnapshot there = cluster.store().trusted();
        SyncRecord sync = there.syncRecord();
        if (sync == null) {
            return false;
        }
        if (sync.mode() == SyncMode.SPM) {
            return node.id().equals(there.lastPrimary());
        }
        if (cluster.sim().now() < aloneUntil.getOrDefault(node.index(), 0L)) {
            return true;
        }
        long epoch = node.guardFile().epoch();
        List<String> bound =
                cluster.nodes().stream()
                        .filter(other -> other != node && isBound(other, node, epoch))
                        .map(SimNode::id)
                        .toList();
        return sync.mode() == SyncMode.SYNC
                ? bound.stream().filter(sync.ackers()::contains).count() >= sync.acks()
                : bound.size() == cluster.nodes().size() - 1;
    }

    private static boolean isBound(SimNode node, SimNode to, long epoch) {
        NodeState.Promise given = node.ledger().state().promise();
        return given != null
                && given.epoch() == epoch
                && given.holder().equals(to.id())
                && node.ledger().isPromisedAgainst(epoch + 1);
    }

    @Override
    void onLeader(int by, @Nullable LeaderRecord old, LeaderRecord now, ClusterSnapshot before) {
        checkEpoch(old, now);
        SyncRecord sync = before.syncRecord();
        boolean changed = before.syncRevision() != cluster.store().trusted().syncRevision();
        if (by >= 0 && sync != null && (changed || sync.mode() == SyncMode.SPM)) {
            // What a primary counted on until its own write ended that is good for as long as a
            // renewal: others count a whole ttl from this write, which it has yet to hear of.
            aloneUntil.put(by, cluster.sim().now() + cluster.leaseNanos());
        }
        if (old == null) {
            return;
        }
        SimNode holder = node(old.holder());
        boolean tombstone = old.state() == LeaderState.RELEASED && old.releasedFenced();
        if (begins(old, now) && !tombstone && by != holder.index()) {
            boolean acts = holder.mysql().isWritable();
            boolean excused = holder.isGuardImpaired() || holder.isStuck();
            // Who only begins an election finds no quorum while that many stand by the holder.
            excused |= now.state() == LeaderState.ELECTING && isPromised(holder);
            require(
                    !acts || excused,
                    "L1",
                    "%s takes epoch %d while %s can write"
                            .formatted(now.holder(), now.epoch(), holder.id()));
        }
        boolean buries = now.state() == LeaderState.RELEASED && now.releasedFenced() && !tombstone;
        if (buries || isHandOver(by, old, now)) {
            SimMysql mysql = holder.mysql();
            require(
                    !mysql.isUp() || (mysql.isReadOnly() && mysql.waiting() == 0),
                    "L4",
                    holder.id() + " is not dead nor read-only and idle: " + now.reason());
        }
    }

    private void checkEpoch(@Nullable LeaderRecord old, LeaderRecord now) {
        require(now.epoch() >= highest, "L3", "epoch " + now.epoch() + " after " + highest);
        highest = now.epoch();
        if (old == null || old.epoch() < now.epoch()) {
            return;
        }
        boolean appoints =
                old.state() == LeaderState.ELECTING && now.state() == LeaderState.PROMOTING;
        require(
                appoints || old.holder().equals(now.holder()),
                "L3",
                "epoch %d of %s is taken by %s".formatted(now.epoch(), old.holder(), now.holder()));
        // A holder may go on from what an older copy of the store has of the same epoch.
        boolean wentBack = storeLife != cluster.store().wipes();
        storeLife = cluster.store().wipes();
        require(
                wentBack || now.seq() > old.seq(),
                "L3",
                "epoch %d went from seq %d to %d".formatted(now.epoch(), old.seq(), now.seq()));
    }
}
