package io.moha.demo;

import io.moha.provision.DatadirSeed;
import io.moha.provision.EtcdHome;
import io.moha.provision.FileTree;
import io.moha.provision.MysqlHome;
import io.moha.provision.Progress;
import io.moha.provision.ProvisionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster on loopback: its files, and the processes of it. Steps are taken in the order of its
 * methods; each blocks until it is done. {@link #close} may be called from another thread at any
 * time and ends everything that was started.
 */
public final class Demo implements AutoCloseable {

    private static final String CLUSTER = "demo";
    private static final String PREFIX = "/moha";
    private static final Duration PROXY_PATIENCE = Duration.ofSeconds(8);
    private static final Duration AGENT_PATIENCE = Duration.ofSeconds(20);
    private static final Duration ETCD_PATIENCE = Duration.ofSeconds(5);

    private final DemoOptions options;
    private final DemoPorts ports;
    private final Progress progress;
    private final Supervisor supervisor;
    private final FileChannel lockFile;

    private List<EtcdNode> etcds = List.of();
    private List<AgentNode> agents = List.of();
    private List<ProxyNode> proxies = List.of();
    private @Nullable Accounts accounts;

    private Demo(
            DemoOptions options, Progress progress, Supervisor supervisor, FileChannel lockFile) {
        this.options = options;
        this.ports = new DemoPorts(options.basePort());
        this.progress = progress;
        this.supervisor = supervisor;
        this.lockFile = lockFile;
    }

    /**
     * Takes the directory of {@code options}, ends what an earlier demo left running there, and
     * with {@code fresh} deletes its data.
     *
     * @throws ProvisionException when a demo runs there, or its ports are taken
     */
    public static Demo open(DemoOptions options, Progress progress, Supervisor supervisor)
            throws IOException, ProvisionException {
        Path directory = options.directory();
        Files.createDirectories(directory);
        FileChannel lockFile =
                FileChannel.open(
                        directory.resolve("demo.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (!locked(lockFile)) {
            lockFile.close();
            throw new ProvisionException(
                    "a demo runs in "
                            + directory
                            + " already; choose another --dir and --base-port");
        }
        Demo demo = new Demo(options, progress, supervisor, lockFile);
        demo.takeOver();
        return demo;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void takeOver() throws IOException, ProvisionException {
        Path directory = options.directory();
        List<String> ended = new Leftovers(directory).end();
        if (!ended.isEmpty()) {
            progress.step("Ended what an earlier demo left running: " + String.join(", ", ended));
        }
        FileTree.delete(directory.resolve(DemoFile.NAME));
        if (options.fresh()) {
            for (String name : Leftovers.folders(directory)) {
                FileTree.delete(directory.resolve(name));
            }
        }
        List<Integer> taken = ports.taken(options);
        if (!taken.isEmpty()) {
            throw new ProvisionException(
                    "port "
                            + taken.getFirst()
                            + " is taken (another demo?): choose another --base-port");
        }
        keepShape();
    }

    /** Servers of etcd know each other by their ports, so these cannot change with data present. */
    private void keepShape() throws IOException, ProvisionException {
        Path file = options.directory().resolve("shape");
        String shape = "etcd " + options.etcds() + ", base port " + options.basePort();
        if (Files.exists(file) && Files.isDirectory(options.directory().resolve("etcd1"))) {
            String before = Files.readString(file).strip();
            if (!before.equals(shape)) {
                throw new ProvisionException(
                        "the data in "
                                + options.directory()
                                + " are of a demo with "
                                + before
                                + ": use the same options, or --fresh to begin anew");
            }
        }
        Files.writeString(file, shape + "\n");
    }

    /** Finds or fetches etcd and starts its servers. */
    public void startEtcd() throws IOException, ProvisionException {
        EtcdHome home = EtcdHome.find(options.etcdHome(), progress);
        etcds =
                IntStream.rangeClosed(1, options.etcds())
                        .mapToObj(
                                i ->
                                        new EtcdNode(
                                                home,
                                                "etcd" + i,
                                                options.directory().resolve("etcd" + i),
                                                ports.etcdClient(i),
                                                ports.etcdPeer(i)))
                        .toList();
        progress.step("Starting etcd " + home.version() + " on " + etcds.getFirst().client());
        for (EtcdNode etcd : etcds) {
            etcd.prepare(etcds);
            supervisor.start(etcd.plan());
        }
    }

    /** Finds or fetches MySQL, makes the nodes' data when there are none, starts the agents. */
    public void startAgents() throws IOException, ProvisionException {
        MysqlHome home = MysqlHome.find(options.mysqlHome(), progress);
        ClusterSetup cluster = setup();
        agents = IntStream.rangeClosed(1, options.nodes()).mapToObj(i -> agent(home, i)).toList();
        prepareData(home, cluster.accounts());
        progress.step(
                "Starting " + agents.size() + " agents, each with its MySQL " + home.version());
        for (AgentNode agent : agents) {
            agent.prepare(cluster);
            supervisor.start(agent.plan());
        }
    }

    private AgentNode agent(MysqlHome home, int number) {
        String id = "n" + number;
        Path directory = options.directory().resolve(id);
        MysqlNode mysql =
                new MysqlNode(
                        home,
                        id,
                        directory.resolve("mysqld"),
                        number,
                        ports.mysql(number),
                        ports.mysqlAdmin(number));
        return new AgentNode(mysql, directory.resolve("agent"), ports.agentHttp(number));
    }

    private void prepareData(MysqlHome home, Accounts forNew)
            throws IOException, ProvisionException {
        List<AgentNode> empty =
                agents.stream()
                        .filter(agent -> !Files.isDirectory(agent.mysql().datadir()))
                        .toList();
        Path directory = options.directory().resolve("seed");
        FileTree.delete(directory);
        DatadirSeed seed = new DatadirSeed(directory);
        if (empty.size() == agents.size()) {
            progress.step("Making data directories");
            seed = DatadirSeed.make(home, directory, forNew.statements());
        } else if (!empty.isEmpty()) {
            throw new ProvisionException(
                    "the data in "
                            + options.directory()
                            + " are of a demo with fewer nodes: use the same --nodes, or --fresh");
        }
        for (AgentNode agent : agents) {
            agent.mysql().prepare(seed);
        }
        FileTree.delete(directory);
    }

    private ClusterSetup setup() throws IOException {
        Accounts made = Accounts.in(options.directory().resolve("secrets"));
        accounts = made;
        return new ClusterSetup(CLUSTER, PREFIX, etcds, made, options.ttl());
    }

    /** Starts the proxies. */
    public void startProxies() throws IOException {
        ClusterSetup cluster = setup();
        proxies =
                IntStream.rangeClosed(1, options.proxies())
                        .mapToObj(
                                i ->
                                        new ProxyNode(
                                                "p" + i,
                                                options.directory().resolve("p" + i),
                                                i,
                                                ports))
                        .toList();
        if (!proxies.isEmpty()) {
            progress.step(
                    "Starting " + proxies.size() + (proxies.size() == 1 ? " proxy" : " proxies"));
        }
        for (ProxyNode proxy : proxies) {
            proxy.prepare(cluster);
            supervisor.start(proxy.plan());
        }
    }

    /** The cluster's etcd servers. */
    public List<EtcdNode> etcds() {
        return etcds;
    }

    /** The agents, each with its MySQL server. */
    public List<AgentNode> agents() {
        return agents;
    }

    /** The proxies. */
    public List<ProxyNode> proxies() {
        return proxies;
    }

    /** Everything about the running demo, for scripts. */
    public DemoFile describe() throws IOException {
        Accounts known = accounts == null ? setup().accounts() : accounts;
        return new DemoFile(
                CLUSTER,
                PREFIX,
                etcds.stream().map(DemoFile::of).toList(),
                agents.stream().map(DemoFile::of).toList(),
                proxies.stream().map(DemoFile::of).toList(),
                new DemoFile.Accounts(known.app(), known.root(), known.admin()));
    }

    /** Ends everything in an orderly way: proxies, agents with their servers, etcd. */
    @Override
    public void close() {
        try {
            FileTree.delete(options.directory().resolve(DemoFile.NAME));
            supervisor.stop(name -> name.startsWith("proxy"), PROXY_PATIENCE);
            supervisor.stop(name -> name.startsWith("agent"), AGENT_PATIENCE);
            new Leftovers(options.directory()).endServers();
            supervisor.stop(name -> true, ETCD_PATIENCE);
            supervisor.close();
            lockFile.close();
        } catch (IOException e) {
            progress.step("Not everything could be cleaned up: " + e.getMessage());
        }
    }

    /** The names of the servers whose processes do not run, although they should. */
    public List<String> missing() {
        List<String> names = new ArrayList<>();
        etcds.forEach(etcd -> names.add(etcd.plan().name()));
        agents.forEach(agent -> names.add(agent.plan().name()));
        proxies.forEach(proxy -> names.add(proxy.plan().name()));
        return names.stream().filter(name -> !supervisor.isAlive(name)).toList();
    }
}
