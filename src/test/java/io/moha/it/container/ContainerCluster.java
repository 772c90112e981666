package io.moha.it.container;

import io.moha.demo.Accounts;
import io.moha.demo.AgentNode;
import io.moha.demo.ClusterSetup;
import io.moha.demo.DemoPorts;
import io.moha.demo.EtcdNode;
import io.moha.demo.MysqlNode;
import io.moha.demo.ProxyNode;
import io.moha.it.fixture.Application;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.ClusterView;
import io.moha.it.fixture.Ports;
import io.moha.it.fixture.ProductJvm;
import io.moha.it.fixture.WorkDir;
import io.moha.provision.EtcdHome;
import io.moha.provision.MysqlHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One etcd, three nodes and one proxy, each in a container of its own. They share the network of
 * the machine, so that it works on an engine without a bridge too, and one directory, mounted at
 * its own path. A container is a host as far as a fault goes: killing it kills agent, guard and
 * mysqld at once.
 */
public final class ContainerCluster implements Application, AutoCloseable {

    private static final String NAME = "containers";
    private static final Duration START_BOUND = Duration.ofMinutes(4);

    private final WorkDir work = WorkDir.make("moha-boxes-");
    private final DemoPorts ports = new DemoPorts(Ports.block(DemoPorts.SPAN));
    private final Accounts accounts;
    private final EtcdNode etcd;
    private final List<AgentNode> nodes = new ArrayList<>();
    private final ProxyNode proxy;
    private final Map<String, Box> boxes = new LinkedHashMap<>();

    /** Starts all of it from {@code images} and waits until it is well. */
    public ContainerCluster(Images images) throws IOException {
        accounts = Accounts.in(work.path().resolve("secrets"));
        etcd =
                new EtcdNode(
                        new EtcdHome(Path.of("etcd"), "of the image"),
                        "etcd1",
                        work.path().resolve("etcd1"),
                        ports.etcdClient(1),
                        ports.etcdPeer(1));
        proxy = new ProxyNode("p1", work.path().resolve("p1"), 1, ports);
        try {
            startAll(images);
        } catch (IOException | RuntimeException | AssertionError e) {
            String logs = logs();
            close();
            throw new AssertionError("the containers did not come up\n" + logs, e);
        }
    }

    private void startAll(Images images) throws IOException {
        ClusterSetup setup = new ClusterSetup(NAME, "/moha", List.of(etcd), accounts, "5s");
        etcd.prepare(List.of(etcd));
        box("etcd1", images.etcd(), etcd.plan().command());
        for (int number = 1; number <= 3; number++) {
            startNode(number, setup, images);
        }
        proxy.prepare(setup);
        box("p1", images.proxy(), java("proxy", proxy.config()));
        Await.until("etcd answers", START_BOUND, this::bootstrap);
        awaitWell();
    }

    private void startNode(int number, ClusterSetup setup, Images images) throws IOException {
        String id = "n" + number;
        Path directory = work.dir(id);
        MysqlNode mysql =
                new MysqlNode(
                        new MysqlHome(Path.of("/"), Path.of("mysqld"), "of the image"),
                        id,
                        directory.resolve("mysqld"),
                        number,
                        ports.mysql(number),
                        ports.mysqlAdmin(number));
        AgentNode node = new AgentNode(mysql, directory.resolve("agent"), ports.agentHttp(number));
        nodes.add(node);
        mysql.writeOptions("");
        node.prepare(setup);
        Path script = work.file(id + ".sql", String.join(";\n", accounts.statements()) + ";\n");
        String start = start(mysql, script, String.join(" ", java("agent", node.config())));
        box(id, images.node(), List.of("bash", "-c", start));
    }

    /** Makes the node's data when it has none, and then becomes its agent. */
    private static String start(MysqlNode mysql, Path script, String agent) {
        String user = System.getProperty("user.name", "").equals("root") ? "--user=root" : "";
        return """
        set -e
        if [ ! -d '%1$s' ]; then
          mysqld --no-defaults --initialize-insecure %2$s --datadir='%1$s.new' \
            --init-file='%3$s' --skip-log-bin
          rm -f '%1$s.new/auto.cnf'
          mv '%1$s.new' '%1$s'
        fi
        exec %4$s
        """
                .formatted(mysql.datadir(), user, script, agent);
    }

    private boolean bootstrap() {
        return view().moha("bootstrap", "--nodes=n1,n2,n3").exit() == 0;
    }

    private void box(String id, String image, List<String> command) {
        Box box = new Box(image, command, work.path());
        boxes.put(id, box);
        box.start();
    }

    private static List<String> java(String command, Path config) {
        List<String> words = new ArrayList<>(List.of("java"));
        words.addAll(ProductJvm.arguments(List.of(command, "--config=" + config)));
        return words;
    }

    /** What the commands show of it. */
    public ClusterView view() {
        return new ClusterView(etcd.client(), NAME, nodes.size());
    }

    /** Waits until one node is primary, the others replicate, and commits are acknowledged. */
    public void awaitWell() {
        try {
            Await.costlyValue(
                    "a primary with two good replicas",
                    START_BOUND,
                    () -> view().isWell() ? Boolean.TRUE : null);
        } catch (AssertionError e) {
            throw new AssertionError(view().described(), e);
        }
    }

    /** The container {@code id}: etcd1, n1, n2, n3 or p1. */
    public Box box(String id) {
        return Objects.requireNonNull(boxes.get(id), id);
    }

    /** host:port of {@code id}'s server. */
    public String mysql(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .map(node -> node.mysql().address())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Connection rw(String scheme, String options) throws SQLException {
        return app(scheme, proxy.write(), options);
    }

    @Override
    public Connection app(String scheme, String hostPort, String options) throws SQLException {
        String tls = scheme.equals("mariadb") ? "trust" : "REQUIRED";
        return DriverManager.getConnection(
                "jdbc:" + scheme + "://" + hostPort + "/app?sslMode=" + tls + options,
                accounts.app().user(),
                accounts.app().password());
    }

    private String logs() {
        StringBuilder all = new StringBuilder();
        boxes.forEach((id, box) -> all.append(id).append(": ").append(box.tail()).append('\n'));
        for (AgentNode node : nodes) {
            Path log = node.mysql().log();
            if (Files.exists(log)) {
                all.append(log).append(" exists\n");
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        try (work) {
            List.copyOf(boxes.values()).reversed().forEach(Box::close);
        }
    }
}
