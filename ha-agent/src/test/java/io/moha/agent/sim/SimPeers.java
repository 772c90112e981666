package io.moha.agent.sim;

import io.moha.agent.SimulatedAgent;
import io.moha.agent.act.Peers;
import io.moha.agent.state.Ledger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** One agent's way to the others: questions and answers travel and get lost. */
final class SimPeers implements Peers {

    private final Simulation sim;
    private final SimNetwork network;
    private final List<SimNode> nodes;
    private final SimNode self;
    private final SimProcess process;

    SimPeers(
            Simulation sim,
            SimNetwork network,
            List<SimNode> nodes,
            SimNode self,
            SimProcess process) {
        this.sim = sim;
        this.network = network;
        this.nodes = nodes;
        this.self = self;
        this.process = process;
    }

    @Override
    public Map<String, Promised> ask(
            Map<String, String> peers, long epoch, String holder, Duration ttl, Duration limit) {
        SimProcess.Signal answered = process.signal();
        Map<String, Promised> answers = new HashMap<>();
        for (SimNode node : nodes) {
            if (peers.containsKey(node.id()) && network.passes(self.index(), node.index())) {
                Simulation.Event _ =
                        sim.in(
                                network.delay(),
                                () -> arrive(node, epoch, holder, ttl, answers, peers, answered));
            }
        }
        boolean _ = answered.waitFor(limit.toNanos());
        return new HashMap<>(answers);
    }

    private void arrive(
            SimNode node,
            long epoch,
            String holder,
            Duration ttl,
            Map<String, Promised> answers,
            Map<String, String> peers,
            SimProcess.Signal answered) {
        SimProcess there = node.process();
        if (there == null) {
            return;
        }
        there.run(
                () -> {
                    Ledger ledger = node.ledger();
                    Promised promised =
                            new Promised(
                                    ledger.grant(epoch, holder, ttl), ledger.state().knownEpoch());
                    Simulation.Event _ =
                            sim.in(
                                    network.delay(),
                                    () -> {
                                        if (network.passes(node.index(), self.index())) {
                                            process.run(
                                                    () -> {
                                                        answers.put(node.id(), promised);
                                                        if (answers.size() == peers.size()) {
                                                            answered.wake();
                                                        }
                                                    });
                                        }
                                    });
                });
    }

    @Override
    public CompletableFuture<Boolean> getReady(String address, String operation, Duration limit) {
        return asked(address, limit, agent -> agent.getReady(operation));
    }

    @Override
    public CompletableFuture<Boolean> catchUp(
            String address, long epoch, String gtids, Duration limit) {
        return asked(address, limit, agent -> agent.catchUp(epoch, gtids, limit));
    }

    /** {@code address} is the node's id. */
    private CompletableFuture<Boolean> asked(
            String address,
            Duration limit,
            Function<SimulatedAgent, CompletableFuture<Boolean>> question) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        for (SimNode node : nodes) {
            if (node.id().equals(address) && network.passes(self.index(), node.index())) {
                Simulation.Event _ = sim.in(network.delay(), () -> arrive(node, question, done));
            }
        }
        Simulation.Event _ = sim.in(limit.toNanos(), () -> process.run(() -> done.complete(false)));
        return done;
    }

    private void arrive(
            SimNode node,
            Function<SimulatedAgent, CompletableFuture<Boolean>> question,
            CompletableFuture<Boolean> done) {
        SimProcess there = node.process();
        SimulatedAgent agent = node.agent();
        if (there == null || agent == null) {
            return;
        }
        there.run(
                () -> {
                    CompletableFuture<Void> _ =
                            question.apply(agent).thenAccept(all -> answer(node, all, done));
                });
    }

    private void answer(SimNode node, boolean all, CompletableFuture<Boolean> done) {
        Simulation.Event _ =
                sim.in(
                        network.delay(),
                        () -> {
                            if (network.passes(node.index(), self.index())) {
                                process.run(() -> done.complete(all));
                            }
                        });
    }
}
