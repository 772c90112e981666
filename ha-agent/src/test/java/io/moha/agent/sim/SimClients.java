package io.moha.agent.sim;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write unique numbers. Most writes go to the node that the store names, the others to
 * any: a second server that acknowledges would be caught.
 */
final class SimClients {

    private static final long PATIENCE = 5 * Simulation.SECOND;

    private final Simulation sim;
    private final SimNetwork network;
    private final List<SimNode> nodes;
    private final Supplier<@Nullable String> primary;
    private boolean stopped;
    private long next;

    SimClients(
            Simulation sim,
            SimNetwork network,
            List<SimNode> nodes,
            Supplier<@Nullable String> primary) {
        this.sim = sim;
        this.network = network;
        this.nodes = nodes;
        this.primary = primary;
    }

    /** {@code count} clients begin. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            think();
        }
    }

    /** No client begins another write. */
    void stop() {
        stopped = true;
    }

    private void think() {
        Simulation.Event _ = sim.in(sim.between(5, 150) * Simulation.MS, this::write);
    }

    private void write() {
        if (stopped) {
            return;
        }
        boolean[] over = new boolean[1];
        Runnable end =
                () -> {
                    if (!over[0]) {
                        over[0] = true;
                        think();
                    }
                };
        Simulation.Event _ = sim.in(PATIENCE, end);
        SimNode node = target();
        SimMysql server = node.mysql();
        long value = ++next;
        Simulation.Event _ =
                sim.in(
                        network.delay(),
                        () -> {
                            if (!network.passes(network.clients(), node.index())) {
                                return;
                            }
                            if (!server.isAccepting()) {
                                end.run();
                                return;
                            }
                            server.act(server.life(), () -> server.write(value, _ -> answer(end)));
                        });
    }

    private void answer(Runnable end) {
        Simulation.Event _ = sim.in(network.delay(), end);
    }

    private SimNode target() {
        String named = primary.get();
        if (named != null && !sim.oneIn(10)) {
            for (SimNode node : nodes) {
                if (node.id().equals(named)) {
                    return node;
                }
            }
        }
        return sim.pick(nodes);
    }
}
