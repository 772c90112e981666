package io.moha.agent.sim;

import io.moha.agent.SimulatedAgent;
import io.moha.agent.act.AbandonedException;
import io.moha.agent.act.LeaseTimes;
import io.moha.agent.decide.Identity;
import io.moha.agent.decide.Policy;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A whole simulated cluster: nodes with real agents, a store, a network, clients, invariants. */
final class SimCluster {

    private static final LeaseTimes LEASE =
            new LeaseTimes(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final int RATE_PPM = 8_000;

    private final Simulation sim;
    private final SimNetwork network;
    private final SimStore store;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final SimClients clients;
    private final Gtids acknowledged;
    private final Policy policy;
    private final Mutation mutation;
    private final String neverPromoted;
    private final Map<Integer, Gtids> kept = new HashMap<>();
    private BiConsumer<SimNode, SimNode> discards = (_, _) -> {};
    private int incarnations;
    private int requests;

    /** A cluster of {@code size} nodes, in whose agents {@code mutation} breaks a rule. */
    SimCluster(Simulation sim, int size, Mutation mutation) {
        this.sim = sim;
        this.mutation = mutation;
        this.network = new SimNetwork(sim, size);
        this.store = new SimStore(sim, network);
        this.acknowledged = new Gtids(SimData.origins(size));
        this.policy =
                new Policy(
                        durability(sim),
                        size > 3 && sim.oneIn(2) ? 2 : 1,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        // Short, so that primaries hand over by themselves in a run.
                        Duration.ofSeconds(2),
                        sim.oneIn(2));
        this.neverPromoted = sim.oneIn(4) ? "n" + sim.between(1, size) : "";
        SimLinks links = new SimLinks(network, new ArrayList<>());
        SimWatcher watcher = new Watchers();
        for (int i = 0; i < size; i++) {
            SimHost host = new SimHost(sim, i, (int) sim.between(-RATE_PPM, RATE_PPM));
            SimMysql mysql = new SimMysql(sim, host, new SimData(i, size), links, watcher);
            links.servers().add(mysql);
            nodes.add(new SimNode(sim, host, mysql, this::startAgent));
        }
        invariants.add(new LeaseInvariants(this));
        invariants.add(new ElectionInvariants(this, acknowledged));
        invariants.add(new SyncInvariants(this, acknowledged));
        invariants.add(new ChangeInvariants(this));
        invariants.forEach(store::listen);
        this.clients = new SimClients(sim, network, nodes, this::holder);
        sim.afterEach(() -> invariants.forEach(Invariant::check));
    }

    private static Policy.Durability durability(Simulation sim) {
        return switch (sim.below(6)) {
            case 0, 1 -> Policy.Durability.STRICT;
            case 2 -> Policy.Durability.AVAILABLE;
            default -> Policy.Durability.SAFE;
        };
    }

    /** Passes on what happens in servers. */
    private final class Watchers implements SimWatcher {
        @Override
        public void onAcknowledged(SimMysql server, Trx trx) {
            acknowledged.add(trx);
            invariants.forEach(each -> each.onAcknowledged(server, trx));
        }

        @Override
        public void onTransaction(SimMysql server, Trx trx) {
            invariants.forEach(each -> each.onTransaction(server, trx));
        }

        @Override
        public void onWritable(SimMysql server) {
            if (sim.tracing()) {
                sim.note(server.host().id() + " becomes writable");
            }
            invariants.forEach(each -> each.onWritable(server));
        }

        @Override
        public void onFollow(SimMysql replica, SimMysql source) {
            if (sim.tracing()) {
                sim.note(replica.host().id() + " receives from " + source.host().id());
            }
            invariants.forEach(each -> each.onFollow(replica, source));
        }

        @Override
        public void onPurge(SimMysql server) {
            invariants.forEach(each -> each.onPurge(server));
        }

        @Override
        public void onDiscard(SimMysql server, SimMysql donor) {
            if (sim.tracing()) {
                sim.note(server.host().id() + " becomes a copy of " + donor.host().id());
            }
            invariants.forEach(each -> each.onDiscard(server, donor));
            discards.accept(nodes.get(server.index()), nodes.get(donor.index()));
        }

        @Override
        public void onAck(SimMysql source, SimMysql replica) {
            invariants.forEach(each -> each.onAck(source, replica));
        }
    }

    private SimulatedAgent startAgent(SimNode node, SimProcess process) {
        String incarnation = node.id() + "-" + ++incarnations;
        node.closeLedger();
        Identity identity =
                new Identity(
                        node.id(), incarnation, node.address(), LEASE.ttl().toMillis(), policy);
        SimStoreClient client = new SimStoreClient(sim, network, store, process, node.host());
        SimGuardClient guard = new SimGuardClient(sim, node, process);
        return SimulatedAgent.start(
                identity,
                LEASE,
                node.id().equals(neverPromoted),
                new SimulatedAgent.World(
                        mutation.store(client, node),
                        mutation.guard(guard, LEASE),
                        () ->
                                mutation.server(
                                        new SimServer(
                                                sim,
                                                process,
                                                node.mysql(),
                                                () -> node.killMysqld(Simulation.MS))),
                        process,
                        () -> Instant.ofEpochMilli(node.host().wallMillis()),
                        node.ledger(),
                        new SimPeers(sim, network, nodes, node, process),
                        (name, gtids, _, _) -> keep(node, name, gtids)));
    }

    /** Writes down what a node is about to throw away, if it has all of it. */
    private Path keep(SimNode node, String name, String gtids) throws AbandonedException {
        Gtids wanted = Gtids.parse(origins(), gtids);
        if (!node.mysql().data.everything().containsAll(wanted)) {
            throw new AbandonedException("some of " + gtids + " is in no log");
        }
        kept.computeIfAbsent(node.index(), _ -> new Gtids(origins())).addAll(wanted);
        sim.note(node.id() + " keeps " + gtids);
        return Path.of(name);
    }

    /** What node {@code index} wrote down of what it threw away. */
    Gtids kept(int index) {
        return kept.getOrDefault(index, new Gtids(origins()));
    }

    /** How many servers' transactions there can be. */
    int origins() {
        return SimData.origins(nodes.size());
    }

    Simulation sim() {
        return sim;
    }

    /** Whether operators prefer a primary that lacks commits to none. */
    boolean mayLose() {
        return policy.durability() == Policy.Durability.AVAILABLE;
    }

    SimNetwork network() {
        return network;
    }

    SimStore store() {
        return store;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimClients clients() {
        return clients;
    }

    /** How long a renewal lets its sender act, in nanoseconds. */
    long leaseNanos() {
        return LEASE.ttl().minus(LEASE.margin()).toNanos();
    }

    /** Declares the cluster in the store and starts every agent. */
    void bootstrap() {
        List<String> ids = nodes.stream().map(SimNode::id).toList();
        SyncRecord sync =
                new SyncRecord(1, SyncMode.ASYNC, policy.acks(), List.of(), ids, "cluster");
        boolean _ = store.commit(-1, Change.empty().put(store.keys().sync(), sync));
        nodes.forEach(SimNode::startAgent);
    }

    /** The node that leads by the store; null when none does. */
    @Nullable String holder() {
        LeaderRecord leader = store.snapshot().leaderRecord();
        return leader == null || leader.state() == LeaderState.RELEASED ? null : leader.holder();
    }

    /** The node that serves by the store; null when none does. */
    @Nullable SimNode primary() {
        LeaderRecord leader = store.snapshot().leaderRecord();
        if (leader == null || leader.state() != LeaderState.SERVING) {
            return null;
        }
        return nodes.stream().filter(n -> n.id().equals(leader.holder())).findAny().orElse(null);
    }

    /** Asks for a switchover, as an operator would. */
    void requestSwitchover() {
        ClusterSnapshot now = store.snapshot();
        Versioned<SwitchoverRecord> last = now.switchover();
        if (last != null && !last.value().phase().isFinal()) {
            return;
        }
        SwitchoverRecord request =
                new SwitchoverRecord(
                        1,
                        "request-" + ++requests,
                        null,
                        null,
                        "chance",
                        SimHost.trueWallMillis(sim),
                        8_000,
                        SwitchoverPhase.REQUESTED,
                        "",
                        Map.of());
        boolean _ = store.commit(-1, Change.empty().put(store.keys().switchover(), request));
    }

    /** Orders that {@code node} becomes a copy of the primary, as an operator would. */
    void requestCopy(SimNode node) {
        RejoinRecord order =
                new RejoinRecord(
                        1,
                        "copy-" + ++requests,
                        true,
                        "chance",
                        SimHost.trueWallMillis(sim),
                        RejoinRecord.Phase.REQUESTED,
                        "");
        boolean _ = store.commit(-1, Change.empty().put(store.keys().rejoin(node.id()), order));
    }

    /** Tells {@code told} of every server that throws everything away to become a copy. */
    void onDiscard(BiConsumer<SimNode, SimNode> told) {
        discards = told;
    }

    /** Whether one primary serves and every node that is not quarantined follows it. */
    boolean isHealthy() {
        SimNode primary = primary();
        SyncRecord sync = store.snapshot().syncRecord();
        if (primary == null || sync == null || !primary.mysql().isWritable()) {
            return false;
        }
        int followers = 0;
        for (SimNode node : nodes) {
            if (node != primary && !isQuarantined(node)) {
                if (!follows(node, primary)) {
                    return false;
                }
                followers++;
            }
        }
        return followers < policy.acks() || sync.mode() == SyncMode.SYNC;
    }

    private static boolean follows(SimNode node, SimNode primary) {
        SimMysql mysql = node.mysql();
        return mysql.isServing()
                && mysql.isReadOnly()
                && mysql.receiver.isRunning()
                && mysql.isSqlRunning()
                && mysql.data.source == primary.index()
                && mysql.data.executed.containsAll(primary.mysql().data.executed);
    }

    private static boolean isQuarantined(SimNode node) {
        SimulatedAgent agent = node.agent();
        return agent != null && agent.view().role() == NodeRole.QUARANTINED;
    }

    /** What the final primary lacks of everything acknowledged; empty when nothing. */
    Gtids lost() {
        SimNode primary = primary();
        return primary == null
                ? new Gtids(origins())
                : acknowledged.minus(primary.mysql().data.executed);
    }

    /**
     * Whether it waits for an operator and says why: a strict primary has too few others left that
     * could acknowledge, because they have what it lacks; or the store went back while there was no
     * primary that could have written the records back.
     */
    boolean isHalted() {
        LeaderRecord leader = store.snapshot().leaderRecord();
        if (store.hasForgotten()) {
            return isForgotten();
        }
        if (leader == null) {
            return false;
        }
        long others =
                nodes.stream()
                        .filter(node -> !node.id().equals(leader.holder()))
                        .filter(node -> !isQuarantined(node))
                        .count();
        return leader.state() == LeaderState.PROMOTING
                && policy.durability() == Policy.Durability.STRICT
                && others < policy.acks();
    }

    /** Whether nobody could write the records back, and every agent says so. */
    private boolean isForgotten() {
        return nodes.stream().noneMatch(node -> node.mysql().isWritable())
                && nodes.stream()
                        .map(SimNode::agent)
                        .allMatch(
                                agent ->
                                        agent != null
                                                && agent.view()
                                                        .reason()
                                                        .contains("the store has forgotten"));
    }

    /** Whether every node, on its disk, knows who leads and who could be elected now. */
    boolean isKnownToAll() {
        ClusterSnapshot now = store.snapshot();
        LeaderRecord leader = now.leaderRecord();
        return leader != null
                && nodes.stream()
                        .map(node -> node.ledger().state())
                        .allMatch(
                                state ->
                                        state.knownEpoch() == leader.epoch()
                                                && Objects.equals(
                                                        state.syncRevision(), now.syncRevision()));
    }

    /** Everything acknowledged. */
    Gtids acknowledged() {
        return acknowledged;
    }

    /** What each agent says, for people. */
    String describe() {
        return store.snapshot().leaderRecord()
                + "\n"
                + store.snapshot().syncRecord()
                + "\n"
                + IntStream.range(0, nodes.size())
                        .mapToObj(i -> describe(nodes.get(i)))
                        .collect(Collectors.joining("\n"));
    }

    private static String describe(SimNode node) {
        SimulatedAgent agent = node.agent();
        SimMysql mysql = node.mysql();
        return "%s: %s %s; mysqld up=%s ro=%s source=%d receives=%s applies=%s waiting=%d executed=%s retrieved=%s; %s"
                .formatted(
                        node.id(),
                        agent == null ? "no agent" : agent.view().role(),
                        agent == null ? "" : agent.view().reason(),
                        mysql.isUp(),
                        mysql.isReadOnly(),
                        mysql.data.source + 1,
                        mysql.receiver.isRunning(),
                        mysql.isSqlRunning(),
                        mysql.waiting(),
                        mysql.data.executed,
                        mysql.data.retrieved,
                        node.guardFile());
    }
}
