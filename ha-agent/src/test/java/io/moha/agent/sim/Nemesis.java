package io.moha.agent.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Breaks things at random, and mends each of them some time later. */
final class Nemesis {

    private static final long MS = Simulation.MS;

    private final Simulation sim;
    private final SimCluster cluster;
    private final List<Runnable> mending = new ArrayList<>();
    private final boolean likesBacklogs;
    private final boolean likesStrays;
    private final boolean likesForgetting;
    private final boolean likesNaps;
    private long meanPause;
    private boolean stopped;

    Nemesis(Simulation sim, SimCluster cluster) {
        this.sim = sim;
        this.cluster = cluster;
        this.meanPause = sim.between(1_000, 6_000);
        this.likesBacklogs = sim.oneIn(3);
        this.likesStrays = !likesBacklogs && sim.oneIn(3);
        this.likesForgetting = sim.oneIn(6);
        this.likesNaps = sim.oneIn(4);
    }

    /** Begins. */
    void start() {
        cluster.onDiscard(this::duringCopy);
        sim.in(sim.between(0, 2 * meanPause) * MS, this::strike);
        if (likesStrays) {
            // Else something happens to the cluster before anybody is struck off.
            meanPause = 8_000;
            Simulation.Event _ = sim.in(sim.between(0, 4_000) * MS, this::stray);
        }
        if (likesNaps) {
            nap();
        }
        if (likesForgetting) {
            Runnable backup = sim.oneIn(2) ? cluster.store().backup() : null;
            Simulation.Event _ = sim.in(sim.between(1_000, 30_000) * MS, () -> forget(backup));
        }
    }

    /**
     * A replica's agent is away, and its receiver hears nothing for so long that it is struck off
     * the ackers; then it connects again by itself.
     */
    private void stray() {
        SimNode primary = cluster.primary();
        if (stopped || primary == null) {
            return;
        }
        SimNode node =
                sim.pick(cluster.nodes().stream().filter(other -> other != primary).toList());
        sim.note("stray " + node.id());
        node.killAgent();
        during("agent killed", 24_000, 30_000, node::startAgent);
        SimNetwork network = cluster.network();
        network.cut(primary.index(), node.index());
        during(
                "receiver hears nothing",
                15_000,
                20_000,
                () -> network.heal(primary.index(), node.index()));
    }

    /**
     * Again and again a machine is suspended for a moment, wherever its threads are: the clock that
     * the agent waits by stops, the one that the lease counts by goes on.
     */
    private void nap() {
        if (stopped) {
            return;
        }
        SimNode node = sim.pick(cluster.nodes());
        during("nap of " + node.id(), 1, 400, node.freeze(true));
        Simulation.Event _ = sim.in(sim.between(500, 4_000) * MS, this::nap);
    }

    /** Sometimes who is copied dies meanwhile, and the copy with it. */
    private void duringCopy(SimNode copy, SimNode donor) {
        if (stopped || !sim.oneIn(3)) {
            return;
        }
        boolean both = sim.oneIn(2);
        Simulation.Event _ =
                sim.in(
                        sim.between(10, 3_000) * MS,
                        () -> {
                            if (!stopped && donor.host().isUp() && copy.host().isUp()) {
                                donor.crash();
                                during("donor's power off", 500, 15_000, donor::boot);
                                if (both) {
                                    copy.crash();
                                    during("copy's power off", 500, 5_000, copy::boot);
                                }
                            }
                        });
    }

    /** Ends, and mends everything. */
    void stop() {
        stopped = true;
        List<Runnable> left = new ArrayList<>(mending);
        mending.clear();
        left.forEach(Runnable::run);
        for (SimNode node : cluster.nodes()) {
            node.boot();
            node.startAgent();
            node.mysql().applyNanos(400_000);
        }
    }

    private void strike() {
        if (stopped) {
            return;
        }
        if (likesBacklogs && sim.oneIn(3)) {
            backlog();
            Simulation.Event _ = sim.in(sim.between(3_000, 12_000) * MS, this::strike);
            return;
        }
        switch (sim.below(24)) {
            case 0, 1 -> killMysqld();
            case 2 -> killAgent();
            case 3 -> killGuard();
            case 4, 5 -> crash();
            case 6 -> during("agent stopped", 100, 12_000, victim().stopAgent());
            case 7 -> during("mysqld stopped", 100, 15_000, victim().stopMysqld());
            case 8 -> during("guard stopped", 100, 6_000, victim().stopGuard());
            case 9 -> during("frozen", 100, 15_000, victim().freeze(sim.oneIn(2)));
            case 10 -> isolate(victim(), 200);
            case 11 -> cutFromStore();
            case 12 -> cutPeers();
            case 13 -> oneWay();
            case 14 -> storeAway();
            case 15 -> storeSlow();
            case 16 -> storeLies();
            case 17, 18, 19 -> slow();
            case 20 -> fillDisk();
            case 21 -> {
                sim.note("copy requested");
                cluster.requestCopy(sim.pick(cluster.nodes()));
            }
            case 22 -> {
                sim.note("wall clock jumps");
                victim().host().jumpWall();
            }
            default -> {
                sim.note("switchover requested");
                cluster.requestSwitchover();
            }
        }
        sim.in(sim.between(50, 2 * meanPause) * MS, this::strike);
    }

    /**
     * One replica receives everything and applies slowly, the others receive slowly; then the
     * primary is gone. What was acknowledged is in a single relay log, and applied nowhere.
     */
    private void backlog() {
        SimNode primary = cluster.primary();
        if (primary == null) {
            return;
        }
        List<SimNode> replicas = cluster.nodes().stream().filter(node -> node != primary).toList();
        SimNode hoarder = sim.pick(replicas);
        sim.note("backlog in " + hoarder.id());
        for (SimNode node : replicas) {
            if (node == hoarder) {
                node.mysql().applyNanos(sim.between(300, 2_000) * MS);
            } else {
                node.mysql().receiveNanos(sim.between(50, 400) * MS);
            }
        }
        during(
                "replicas slow",
                4_000,
                9_000,
                () ->
                        replicas.forEach(
                                node -> {
                                    node.mysql().applyNanos(400_000);
                                    node.mysql().receiveNanos(0);
                                }));
        Simulation.Event _ =
                sim.in(
                        sim.between(500, 4_000) * MS,
                        () -> {
                            if (!stopped && primary.host().isUp()) {
                                primary.crash();
                                during("power off", 6_000, 15_000, primary::boot);
                            }
                        });
    }

    /** The node that leads, in half of all cases. */
    private SimNode victim() {
        String holder = cluster.holder();
        if (holder != null && sim.oneIn(2)) {
            for (SimNode node : cluster.nodes()) {
                if (node.id().equals(holder)) {
                    sim.note("victim " + holder);
                    return node;
                }
            }
        }
        SimNode any = sim.pick(cluster.nodes());
        sim.note("victim " + any.id());
        return any;
    }

    private void during(String what, long minMs, long maxMs, Runnable mend) {
        sim.note(what);
        boolean[] mended = new boolean[1];
        Runnable once =
                new Runnable() {
                    @Override
                    public void run() {
                        if (!mended[0]) {
                            mended[0] = true;
                            mending.remove(this);
                            sim.note("mended: " + what);
                            mend.run();
                        }
                    }
                };
        mending.add(once);
        sim.in(sim.between(minMs, maxMs) * MS, once);
    }

    private void killMysqld() {
        SimNode node = victim();
        sim.note("mysqld killed");
        if (sim.oneIn(5)) {
            node.stickMysqld(sim.between(100, 9_000) * MS);
        }
        node.killMysqld(node.killTakes());
    }

    private void killAgent() {
        SimNode node = victim();
        node.killAgent();
        during("agent killed", 300, 8_000, node::startAgent);
        if (sim.oneIn(3)) {
            sim.note("and mysqld");
            node.killMysqld(node.killTakes());
        }
    }

    private void killGuard() {
        SimNode node = victim();
        sim.note("guard killed");
        node.killGuard();
    }

    private void crash() {
        SimNode node = victim();
        node.crash();
        during("power off", 500, 15_000, node::boot);
        if (sim.oneIn(3)) {
            SimNode other = sim.pick(cluster.nodes());
            if (other.host().isUp()) {
                other.crash();
                during("power off too: " + other.id(), 500, 15_000, other::boot);
            }
        }
    }

    private void cut(List<int[]> links, String what) {
        cut(links, what, 200);
    }

    private void cut(List<int[]> links, String what, long minMs) {
        SimNetwork network = cluster.network();
        links.forEach(link -> network.cut(link[0], link[1]));
        during(what, minMs, 12_000, () -> links.forEach(link -> network.heal(link[0], link[1])));
    }

    private void isolate(SimNode node, long minMs) {
        List<int[]> links = new ArrayList<>();
        boolean clientsToo = sim.oneIn(2);
        for (int i = 0; i < cluster.network().size(); i++) {
            boolean spared = i == cluster.network().clients() && !clientsToo;
            if (i != node.index() && !spared) {
                links.add(new int[] {i, node.index()});
                links.add(new int[] {node.index(), i});
            }
        }
        cut(links, "isolated", minMs);
    }

    private void cutFromStore() {
        int node = victim().index();
        int store = cluster.network().store();
        cut(List.of(new int[] {node, store}, new int[] {store, node}), "cut off from the store");
    }

    private void cutPeers() {
        SimNode node = victim();
        List<int[]> links = new ArrayList<>();
        for (SimNode other : cluster.nodes()) {
            // Sometimes only one: a bridge remains.
            if (other != node && !sim.oneIn(3)) {
                links.add(new int[] {other.index(), node.index()});
                links.add(new int[] {node.index(), other.index()});
            }
        }
        cut(links, "cut off from peers");
    }

    private void oneWay() {
        SimNode node = victim();
        boolean out = sim.oneIn(2);
        List<int[]> links = new ArrayList<>();
        for (int i = 0; i < cluster.network().size(); i++) {
            if (i != node.index() && !sim.oneIn(4)) {
                links.add(out ? new int[] {node.index(), i} : new int[] {i, node.index()});
            }
        }
        cut(links, out ? "sends nothing" : "receives nothing");
    }

    private void storeAway() {
        cluster.store().quorum(false);
        during("store away", 200, 12_000, () -> cluster.store().quorum(true));
    }

    /**
     * The store loses everything, or goes back to {@code backup}. The latter only while all nodes
     * know what is true now: those that were away could not tell.
     */
    private void forget(@Nullable Runnable backup) {
        if (stopped) {
            return;
        }
        if (backup != null && !cluster.isKnownToAll()) {
            Simulation.Event _ = sim.in(sim.between(50, 500) * MS, () -> forget(backup));
            return;
        }
        SimStore store = cluster.store();
        if (sim.oneIn(2)) {
            store.quorum(false);
            during("store away, then forgetful", 200, 12_000, () -> store.quorum(true));
        }
        if (backup == null) {
            store.wipe();
        } else {
            backup.run();
        }
    }

    private void storeSlow() {
        cluster.store().slowness(sim.between(100, 1_500) * MS);
        during("store slow", 1_000, 10_000, () -> cluster.store().slowness(0));
        if (sim.oneIn(2)) {
            // Whose last renewal was answered late is cut off: when does its time end?
            Simulation.Event _ = sim.in(sim.between(900, 4_000) * MS, this::isolatePrimary);
        }
    }

    private void isolatePrimary() {
        SimNode primary = cluster.primary();
        if (!stopped && primary != null) {
            isolate(primary, 5_000);
        }
    }

    private void storeLies() {
        if (sim.oneIn(2)) {
            cluster.store().watchesHang(true);
            during("watches hang", 500, 10_000, () -> cluster.store().watchesHang(false));
        } else {
            SimNode node = victim();
            sim.note("member lease lost early");
            cluster.store().expire(node.id());
        }
    }

    private void fillDisk() {
        SimMysql mysql = victim().mysql();
        mysql.diskPercent((int) sim.between(90, 99));
        during("disk nearly full", 2_000, 20_000, () -> mysql.diskPercent(50));
    }

    private void slow() {
        if (sim.oneIn(3)) {
            cluster.network().delayMicros((int) sim.between(5_000, 80_000));
            during("network slow", 1_000, 8_000, () -> cluster.network().delayMicros(200));
        } else {
            SimNode node = sim.pick(cluster.nodes());
            if (sim.oneIn(2)) {
                node.mysql().receiveNanos(sim.between(20, 600) * MS);
                during(
                        "receiver slow: " + node.id(),
                        2_000,
                        15_000,
                        () -> node.mysql().receiveNanos(0));
                return;
            }
            node.mysql().applyNanos(sim.between(20, 500) * MS);
            during(
                    "applier slow: " + node.id(),
                    500,
                    8_000,
                    () -> node.mysql().applyNanos(400_000));
        }
    }
}
