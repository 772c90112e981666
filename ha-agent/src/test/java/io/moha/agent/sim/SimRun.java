package io.moha.agent.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run from one seed: a cluster begins, faults happen under load, everything is mended. */
final class SimRun {

    private static final long BEGIN = 30 * Simulation.SECOND;
    private static final long FAULTS = 40 * Simulation.SECOND;
    private static final long RECOVERY = 90 * Simulation.SECOND;
    private static final int CLIENTS = 3;

    private final long seed;
    private final Simulation sim;
    private final SimCluster cluster;

    /**
     * How a run ended.
     *
     * @param seed of the run
     * @param broken what must not happen and did; null when all was well
     * @param events how many there were
     * @param writes how many were acknowledged
     */
    record Outcome(long seed, @Nullable Throwable broken, long events, long writes) {

        /** The name of the invariant that broke; empty when none did. */
        String invariant() {
            return broken == null
                    ? ""
                    : broken instanceof BrokenInvariantError error
                            ? error.invariant()
                            : "exception";
        }
    }

    /** A run of {@code seed} in which {@code mutation} breaks a rule. */
    SimRun(long seed, Mutation mutation, boolean tracing) {
        this.seed = seed;
        this.sim = new Simulation(seed, tracing);
        this.cluster = new SimCluster(sim, sim.oneIn(4) ? 5 : 3, mutation);
    }

    /** Runs it to its end. */
    Outcome run() {
        try {
            play();
            return new Outcome(seed, null, sim.happened(), writes());
        } catch (BrokenInvariantError | IllegalStateException e) {
            sim.note(e.toString());
            return new Outcome(seed, e, sim.happened(), writes());
        }
    }

    private long writes() {
        return java.util.stream.IntStream.range(0, cluster.nodes().size())
                .mapToLong(cluster.acknowledged()::last)
                .sum();
    }

    /** What happened, if the run was traced. */
    List<String> trace() {
        return sim.trace();
    }

    private void play() {
        cluster.bootstrap();
        require(sim.runUntil(BEGIN, cluster::isHealthy), "L0", "never began");
        cluster.clients().start(CLIENTS);
        Nemesis nemesis = new Nemesis(sim, cluster);
        nemesis.start();
        boolean _ = sim.runUntil(sim.now() + FAULTS, () -> false);
        nemesis.stop();
        sim.note("all faults end");
        boolean well = sim.runUntil(sim.now() + RECOVERY, cluster::isHealthy);
        if (!well && cluster.isHalted()) {
            return;
        }
        require(well, "liveness", "not healthy\n" + cluster.describe());
        Gtids lost = cluster.lost();
        require(lost.isEmpty(), "I1", "acknowledged and lost: " + lost);
    }

    private static void require(boolean holds, String invariant, String what) {
        if (!holds) {
            throw new BrokenInvariantError(invariant, what);
        }
    }
}
