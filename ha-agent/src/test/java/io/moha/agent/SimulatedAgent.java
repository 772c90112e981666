package io.moha.agent;

import io.moha.agent.act.Keepsake;
import io.moha.agent.act.LeaseTimes;
import io.moha.agent.act.Peers;
import io.moha.agent.admin.AgentView;
import io.moha.agent.decide.Identity;
import io.moha.agent.guard.Guard;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.observe.Threads;
import io.moha.agent.state.Ledger;
import io.moha.agent.store.ClusterStore;
import io.moha.protocol.base.WallClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The product's own agent, put together for a simulation. */
public final class SimulatedAgent {

    private final Agent agent;

    /**
     * What stands in for the world around it.
     *
     * @param store the cluster's store
     * @param guard mysqld's guard
     * @param servers opens a connection to mysqld
     * @param threads its threads and clock
     * @param wall wall time
     * @param ledger what the node must not forget
     * @param peers the other agents
     * @param keepsake keeps what a rebuild would throw away
     */
    public record World(
            ClusterStore store,
            Guard guard,
            Supplier<MysqlServer> servers,
            Threads threads,
            WallClock wall,
            Ledger ledger,
            Peers peers,
            Keepsake keepsake) {}

    private SimulatedAgent(Agent agent) {
        this.agent = agent;
    }

    /** Starts the agent of {@code identity}, who may be barred from leading, in {@code world}. */
    public static SimulatedAgent start(
            Identity identity, LeaseTimes times, boolean neverPromote, World world) {
        Agent agent =
                new Agent(
                        new Agent.Parts(
                                identity,
                                new Reports.AgentFacts("sim", identity.id(), "", 100, neverPromote),
                                times,
                                world.store(),
                                world.guard(),
                                world.servers(),
                                world.keepsake(),
                                world.ledger(),
                                world.peers(),
                                _ -> {}),
                        world.threads(),
                        world.wall());
        agent.start();
        return new SimulatedAgent(agent);
    }

    /** What the old primary of a switchover asks of its target while clients still write. */
    public CompletableFuture<Boolean> getReady(String operation) {
        return agent.getReady(operation);
    }

    /** What the old primary of a switchover asks of its target. */
    public CompletableFuture<Boolean> catchUp(long epoch, String gtids, Duration limit) {
        return agent.catchUp(epoch, gtids, limit);
    }

    /** What it shows to people. */
    public AgentView view() {
        return agent.view();
    }
}
