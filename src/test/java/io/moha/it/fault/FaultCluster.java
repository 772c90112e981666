package io.moha.it.fault;

import io.moha.demo.Accounts;
import io.moha.demo.ClusterSetup;
import io.moha.demo.DemoPorts;
import io.moha.demo.EtcdNode;
import io.moha.demo.MysqlNode;
import io.moha.demo.ProxyNode;
import io.moha.it.fixture.Application;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.ClusterView;
import io.moha.it.fixture.Http;
import io.moha.it.fixture.Leaks;
import io.moha.it.fixture.MysqlUnderTest;
import io.moha.it.fixture.Ports;
import io.moha.it.fixture.ProductJvm;
import io.moha.it.fixture.WorkDir;
import io.moha.provision.DatadirSeed;
import io.moha.provision.EtcdHome;
import io.moha.provision.FileTree;
import io.moha.provision.ProvisionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three stores, three nodes with their agents and a proxy, all in the product's default settings,
 * with {@link Links} between them. The parties are called by their ids: etcd1, n1, p1 and so on; a
 * node's agent, guard and server are one party.
 */
final class FaultCluster implements Application, AutoCloseable {

    /** The only proxy. */
    static final String PROXY = "p1";

    static final List<String> NODES = List.of("n1", "n2", "n3");
    static final List<String> ETCDS = List.of("etcd1", "etcd2", "etcd3");

    /** Its name, under which the store knows it. */
    static final String NAME = "faulty";

    private static final Duration START_BOUND = Duration.ofMinutes(3);
    private static final Duration HEAL_BOUND = Duration.ofMinutes(2);

    private final MysqlUnderTest mysql = MysqlUnderTest.find();
    private final WorkDir work = WorkDir.make("moha-faults-");
    private final DemoPorts ports = new DemoPorts(Ports.block(DemoPorts.SPAN));
    private final int network = Ports.block(NODES.size() * 2 + (NODES.size() + 1) * ETCDS.size());
    private final Links links = new Links();
    private final Crew crew = new Crew();
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final Map<String, FaultNode> nodes = new LinkedHashMap<>();
    private final Map<String, EtcdNode> etcds = new LinkedHashMap<>();
    private final ProxyNode proxy = new ProxyNode(PROXY, work.path().resolve(PROXY), 1, ports);
    private final Accounts accounts;

    /** Starts one and waits until it has a primary with two good replicas. */
    FaultCluster() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::killServers));
        try {
            accounts = Accounts.in(work.dir("secrets"));
            startEtcd();
            connectParties();
            startNodes();
            proxy.prepare(setup(PROXY));
            crew.start(
                    PROXY,
                    new Crew.Job(
                            proxy.log(),
                            ProductJvm.moha(
                                    List.of("proxy", "--config", proxy.config().toString())),
                            ProductJvm.environment()));
            Await.costlyValue(
                    "the cluster is declared",
                    START_BOUND,
                    () ->
                            moha("bootstrap", "--nodes=" + String.join(",", NODES)).exit() == 0
                                    ? Boolean.TRUE
                                    : null);
            awaitWell(START_BOUND);
        } catch (IOException | ProvisionException | AssertionError e) {
            String tails = tails();
            close();
            throw new AssertionError("the cluster did not come up\n" + tails, e);
        }
    }

    private void startEtcd() throws IOException, ProvisionException {
        EtcdHome home = EtcdHome.provide();
        for (int i = 1; i <= ETCDS.size(); i++) {
            String id = ETCDS.get(i - 1);
            etcds.put(id, etcd(home, id, ports.etcdClient(i), ports.etcdPeer(i)));
        }
        for (EtcdNode etcd : etcds.values()) {
            etcd.prepare(List.copyOf(etcds.values()));
            startEtcd(etcd.id());
        }
    }

    private EtcdNode etcd(EtcdHome home, String id, int client, int peer) {
        return new EtcdNode(home, id, work.path().resolve(id), client, peer);
    }

    private void startEtcd(String id) {
        EtcdNode etcd = etcd(id);
        crew.start(id, new Crew.Job(etcd.log(), etcd.plan().command(), Map.of()));
    }

    private void connectParties() throws IOException {
        Map<String, Supplier<List<Long>>> parties = new LinkedHashMap<>();
        for (int i = 1; i <= NODES.size(); i++) {
            FaultNode node = node(i);
            nodes.put(node.id(), node);
            parties.put(node.id(), node::connecting);
        }
        parties.put(PROXY, () -> List.of(crew.pid(PROXY)));
        Owners owners = new Owners(parties);
        for (FaultNode node : nodes.values()) {
            network(node.id(), node.mysqlPort(), node.mysql().port(), owners);
            network(node.id(), node.advertisedHttp(), node.httpPort(), owners);
        }
        for (String party : parties.keySet()) {
            for (int i = 1; i <= ETCDS.size(); i++) {
                proxies.add(
                        new FaultProxy(
                                ETCDS.get(i - 1),
                                etcdNetworkPort(party, i),
                                ports.etcdClient(i),
                                links,
                                port -> party));
            }
        }
    }

    private void network(String target, int port, int realPort, Owners owners) throws IOException {
        proxies.add(new FaultProxy(target, port, realPort, links, from -> owners.of(from, port)));
    }

    /** Everybody has an own way to each store: who connects there must be known at once. */
    private int etcdNetworkPort(String party, int number) {
        int index = party.equals(PROXY) ? NODES.size() : NODES.indexOf(party);
        return network + 2 * NODES.size() + index * ETCDS.size() + number - 1;
    }

    private FaultNode node(int number) {
        String id = NODES.get(number - 1);
        MysqlNode server =
                new MysqlNode(
                        mysql.home(),
                        id,
                        work.path().resolve(id).resolve("mysqld"),
                        number,
                        ports.mysql(number),
                        ports.mysqlAdmin(number));
        return new FaultNode(
                server,
                work.path().resolve(id).resolve("agent"),
                ports.agentHttp(number),
                network + number - 1,
                network + NODES.size() + number - 1,
                crew);
    }

    /** The cluster as {@code party} sees it. */
    private ClusterSetup setup(String party) {
        List<EtcdNode> behindNetwork =
                IntStream.rangeClosed(1, ETCDS.size())
                        .mapToObj(
                                i -> {
                                    EtcdNode real = etcd(ETCDS.get(i - 1));
                                    return etcd(
                                            real.home(), real.id(), etcdNetworkPort(party, i), 0);
                                })
                        .toList();
        return new ClusterSetup(NAME, "/moha", behindNetwork, accounts, "5s");
    }

    private void startNodes() throws IOException, ProvisionException {
        DatadirSeed seed =
                DatadirSeed.make(mysql.home(), work.path().resolve("seed"), accounts.statements());
        for (FaultNode node : nodes.values()) {
            node.mysql().prepare(seed);
            node.configure(setup(node.id()), "");
            node.start();
        }
        FileTree.delete(seed.directory());
    }

    /** Starts all agents again with the further lines {@code yaml} in their configuration. */
    void reconfigure(String yaml) throws IOException {
        List<Long> agents = nodes.values().stream().map(FaultNode::agent).toList();
        for (FaultNode node : nodes.values()) {
            node.configure(setup(node.id()), yaml);
        }
        Signals.kill(agents);
        for (FaultNode node : nodes.values()) {
            Await.until(
                    "the agent of " + node.id() + " runs again",
                    HEAL_BOUND,
                    () -> !agents.contains(node.agent()) && answers(node, "/liveness"));
        }
        awaitWell();
    }

    /** The network between the parties. */
    Links links() {
        return links;
    }

    /** The processes. */
    Crew crew() {
        return crew;
    }

    /** The directory of this cluster. */
    WorkDir work() {
        return work;
    }

    FaultNode node(String id) {
        return Objects.requireNonNull(nodes.get(id), id);
    }

    EtcdNode etcd(String id) {
        return Objects.requireNonNull(etcds.get(id), id);
    }

    /** All nodes but {@code id}. */
    static List<String> others(String id) {
        return NODES.stream().filter(other -> !other.equals(id)).toList();
    }

    /** Cuts {@code party} off from {@code others}. */
    void cutOff(String party, List<String> others) {
        others.forEach(other -> links.cut(party, other));
    }

    /** Cuts {@code node} off from everything. */
    void isolate(String node) {
        cutOff(node, Stream.of(others(node), ETCDS, List.of(PROXY)).flatMap(List::stream).toList());
    }

    /** Mends all links, lets everything run that was stopped or held. */
    void heal() {
        links.heal();
        List<Long> pids = new ArrayList<>();
        nodes.values().forEach(node -> pids.addAll(node.pids()));
        ETCDS.forEach(etcd -> pids.add(crew.pid(etcd)));
        pids.add(crew.pid(PROXY));
        Signals.goOn(pids.stream().filter(pid -> pid > 0).toList());
        ETCDS.forEach(crew::release);
        nodes.values().forEach(FaultNode::release);
        crew.release(PROXY);
    }

    /** What the commands show of it; they go around the network. */
    ClusterView view() {
        String stores =
                String.join(",http://", etcds.values().stream().map(EtcdNode::client).toList());
        return new ClusterView(stores, NAME, NODES.size());
    }

    /** Runs a command about this cluster inside this JVM. */
    ClusterView.Printed moha(String... words) {
        return view().moha(words);
    }

    /** The id of the primary. */
    String primary() {
        return Await.costlyValue("a primary", HEAL_BOUND, () -> view().primary().orElse(null));
    }

    /** Waits until one node is primary, the others replicate, and commits are acknowledged. */
    void awaitWell() {
        awaitWell(HEAL_BOUND);
    }

    /** The same, within {@code bound}. */
    void awaitWell(Duration bound) {
        try {
            Await.costlyValue(
                    "a primary with two good replicas",
                    bound,
                    () -> (view().isWell() && isReady()) ? Boolean.TRUE : null);
        } catch (AssertionError e) {
            throw new AssertionError(view().described(), e);
        }
    }

    /**
     * Whether every agent itself says that its node does its part: what the store shows of a node
     * may be from before its agent ended.
     */
    private boolean isReady() {
        return nodes.values().stream().allMatch(node -> answers(node, "/readiness"));
    }

    /** Whether {@code node}'s agent says that it is primary. */
    boolean saysPrimary(String node) {
        return answers(node(node), "/primary");
    }

    private static boolean answers(FaultNode node, String path) {
        try {
            return new Http(Cluster.address("127.0.0.1:" + node.httpPort())).get(path).status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Connection rw(String scheme, String options) throws SQLException {
        return app(scheme, proxy.write(), options);
    }

    /** A connection through the proxy's port for reading, which the caller closes. */
    Connection ro(String options) throws SQLException {
        return app("mysql", proxy.read(), options);
    }

    @Override
    public Connection app(String scheme, String hostPort, String options) throws SQLException {
        String tls = scheme.equals("mariadb") ? "trust" : "REQUIRED";
        return DriverManager.getConnection(
                "jdbc:" + scheme + "://" + hostPort + "/app?sslMode=" + tls + options,
                accounts.app().user(),
                accounts.app().password());
    }

    /** An operator's connection straight to {@code node}, which the caller closes. */
    Connection root(String node) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://"
                        + node(node).mysql().address()
                        + "/app?sslMode=REQUIRED&connectTimeout=5000",
                accounts.root().user(),
                accounts.root().password());
    }

    /** The accounts of the servers. */
    Accounts accounts() {
        return accounts;
    }

    /** host:port of {@code node}'s server, around the network. */
    String direct(String node) {
        return node(node).mysql().address();
    }

    /** Fails when the proxy lost a buffer. */
    void assertNoLeak() {
        Leaks.assertNone(crew.pid(PROXY), Cluster.address(proxy.write()), work.path(), proxy.log());
    }

    /** The end of every log. */
    String tails() {
        StringBuilder all = new StringBuilder();
        for (String name : Stream.of(ETCDS, NODES, List.of(PROXY)).flatMap(List::stream).toList()) {
            all.append(crew.tail(name)).append('\n');
        }
        return all.toString();
    }

    private void killServers() {
        nodes.values().forEach(node -> Signals.kill(node.pids()));
    }

    @Override
    public void close() {
        try (work) {
            crew.close();
            // Guards and servers are not children of this process.
            killServers();
            for (FaultNode node : nodes.values()) {
                node.pids().forEach(pid -> Signals.awaitGone(pid, Duration.ofSeconds(20)));
            }
            links.close();
            for (FaultProxy each : proxies) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
