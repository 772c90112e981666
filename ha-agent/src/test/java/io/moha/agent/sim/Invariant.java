package io.moha.agent.sim;

import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncRecord;
import org.jspecify.annotations.Nullable;

/**
 * Something that holds at every instant of every run. It is asked after every event, and hears of
 * what happens in servers and in the store.
 */
abstract class Invariant implements SimWatcher, SimStore.Listener {

    /** The cluster that it holds for. */
    protected final SimCluster cluster;

    Invariant(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** Looks at everything, after every event. */
    void check() {}

    @Override
    public void onChange(int by, Change change, ClusterSnapshot before, ClusterSnapshot after) {
        LeaderRecord old = before.leaderRecord();
        LeaderRecord now = after.leaderRecord();
        if (now != null && !now.equals(old)) {
            onLeader(by, old, now, before);
        }
        if (after.syncRevision() != before.syncRevision()) {
            onSync();
        }
    }

    /** The leader record changed; {@code before} is the cluster before that. */
    void onLeader(int by, @Nullable LeaderRecord old, LeaderRecord now, ClusterSnapshot before) {}

    /** The sync record changed. */
    void onSync() {}

    /** The leader record as it is in the store, or was before that went back. */
    protected @Nullable LeaderRecord leader() {
        return cluster.store().trusted().leaderRecord();
    }

    /** The sync record as it is in the store, or was before that went back. */
    protected @Nullable SyncRecord sync() {
        return cluster.store().trusted().syncRecord();
    }

    /** The node called {@code id}. */
    protected SimNode node(String id) {
        return cluster.nodes().get(Integer.parseInt(id.substring(1)) - 1);
    }

    /** What {@code text} means. */
    protected Gtids gtids(String text) {
        return Gtids.parse(cluster.origins(), text);
    }

    /** Whether {@code now} is the first record of a new epoch. */
    protected static boolean begins(@Nullable LeaderRecord old, LeaderRecord now) {
        return old == null || now.epoch() > old.epoch();
    }

    /** Whether the holder of {@code old} gave the lead to another by plan. */
    protected static boolean isHandOver(int by, @Nullable LeaderRecord old, LeaderRecord now) {
        return old != null
                && now.epoch() == old.epoch() + 1
                && now.state() == LeaderState.PROMOTING
                && !now.holder().equals(old.holder())
                && old.holder().equals("n" + (by + 1));
    }

    /** Fails unless {@code holds}. */
    protected static void require(boolean holds, String invariant, String what) {
        if (!holds) {
            throw new BrokenInvariantError(invariant, what);
        }
    }
}
