package io.moha.agent;

import io.moha.agent.act.BinlogKeepsake;
import io.moha.agent.act.HttpPeers;
import io.moha.agent.act.LeaseTimes;
import io.moha.agent.act.PeerTrust;
import io.moha.agent.admin.AdminServer;
import io.moha.agent.config.AgentConfig;
import io.moha.agent.config.HttpConfig;
import io.moha.agent.config.MysqlConfig;
import io.moha.agent.config.RejoinConfig;
import io.moha.agent.decide.Identity;
import io.moha.agent.decide.Policy;
import io.moha.agent.guard.Guard;
import io.moha.agent.guard.GuardClient;
import io.moha.agent.guard.GuardSettings;
import io.moha.agent.hook.Hooks;
import io.moha.agent.mysql.JdbcMysqlServer;
import io.moha.agent.mysql.ServerAccess;
import io.moha.agent.observe.Threads;
import io.moha.agent.state.FileDisk;
import io.moha.agent.state.Ledger;
import io.moha.agent.store.EtcdAccess;
import io.moha.agent.store.EtcdClusterStore;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.EtcdConfig;
import io.moha.protocol.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one agent in the foreground, from its configuration to its orderly end. */
public final class AgentMain {

    private static final Logger LOGGER = LoggerFactory.getLogger(AgentMain.class);
    private static final Duration CONNECT = Duration.ofMillis(800);
    private static final Duration SHORTEST_MEMBER_TTL = Duration.ofSeconds(10);

    private static final int BROKEN = 3;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private AgentMain() {}

    /**
     * Runs the agent that {@code file} describes until the process is told to end, which it then
     * does by itself with code 0.
     *
     * @throws InvalidConfigException when the configuration must not be started with
     * @throws IOException when the guard cannot be started or the state directory not be used
     */
    public static int run(Path file) throws InvalidConfigException, IOException {
        Thread.setDefaultUncaughtExceptionHandler(AgentMain::broke);
        ConfigFile opened = ConfigFile.open(file);
        AgentConfig config = AgentConfig.read(opened);
        opened.warnings().forEach(warning -> LOGGER.atWarn().log(warning));
        Agent.Parts parts = parts(config);
        Agent agent = new Agent(parts, Threads.system(), WallClock.system());
        // First of all the lease: the guard of a primary whose agent ended counts down.
        agent.start();
        CountDownLatch ended = new CountDownLatch(1);
        Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> stop(agent, ended));
        Runtime.getRuntime().addShutdownHook(stop);
        AdminServer http = serve(config.http(), agent, parts.guard());
        LOGGER.atInfo()
                .addKeyValue("cluster", config.cluster())
                .addKeyValue("node", config.node().id())
                .addKeyValue("mysql", config.mysql().advertise())
                .log("agent started");
        try (http) {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static AdminServer serve(HttpConfig config, Agent agent, Guard guard)
            throws IOException {
        try {
            return AdminServer.start(
                    config, agent::view, guard::bootMillis, agent.commands(), agent.measure());
        } catch (IOException e) {
            agent.stop();
            throw e;
        }
    }

    /**
     * Half an agent would renew its lease for ever and notice nothing: better none, and a new one.
     */
    private static void broke(Thread thread, Throwable error) {
        LOGGER.atError().addKeyValue("thread", thread.getName()).setCause(error).log("agent broke");
        if (error instanceof Error) {
            Runtime.getRuntime().halt(BROKEN);
        }
    }

    private static void stop(Agent agent, CountDownLatch ended) {
        try {
            agent.stop();
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("agent did not stop in order");
        }
        ended.countDown();
        // A JVM ended by a signal reports the signal; an orderly end is a success.
        Runtime.getRuntime().halt(0);
    }

    private static Agent.Parts parts(AgentConfig config) throws IOException {
        Files.createDirectories(config.stateDir());
        LeaseTimes times =
                new LeaseTimes(
                        config.lease().ttl(), config.lease().renewEvery(), config.lease().margin());
        FutureTask<EtcdClusterStore> store = new FutureTask<>(() -> store(config, times));
        Thread.ofPlatform().daemon().name("store-open").start(store);
        GuardClient guard =
                GuardClient.open(
                        new GuardSettings(
                                config.stateDir().resolve("guard"),
                                config.mysql().command(),
                                config.mysql().pidFile()));
        ServerAccess access = access(config.node().id(), config.mysql());
        return new Agent.Parts(
                identity(config),
                new Reports.AgentFacts(
                        config.cluster(),
                        config.http().advertise().toString(),
                        config.node().zone(),
                        config.node().priority(),
                        config.node().neverPromote()),
                times,
                opened(store),
                guard,
                () -> new JdbcMysqlServer(access),
                new BinlogKeepsake(config.rejoin().divergenceDir(), mysqlbinlog(config.mysql())),
                Ledger.open(
                        new FileDisk(config.stateDir().resolve("state.json")),
                        Files.readString(BOOT_ID).trim(),
                        guard::bootMillis),
                peers(config.http()),
                hooks(config)::tell);
    }

    private static HttpPeers peers(HttpConfig http) throws IOException {
        HttpConfig.Tls tls = http.tls();
        return new HttpPeers(
                http.token() == null ? null : http.token().reveal(),
                tls == null ? null : PeerTrust.of(tls.ca() == null ? tls.cert() : tls.ca()));
    }

    private static Hooks hooks(AgentConfig config) {
        return new Hooks(
                config.hooks().command(),
                config.hooks().timeout(),
                Map.of(
                        "CLUSTER",
                        config.cluster(),
                        "NODE",
                        config.node().id(),
                        "ADDRESS",
                        config.mysql().advertise().toString()));
    }

    private static EtcdClusterStore opened(FutureTask<EtcdClusterStore> store) throws IOException {
        try {
            EtcdClusterStore opened = store.get();
            // Loads what the first call needs, while the other parts are put together.
            Thread.ofVirtual().name("store-warm").start(opened::read);
            return opened;
        } catch (ExecutionException e) {
            throw new IOException("the store cannot be opened: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The program beside the mysqld that is started; else whatever the PATH has. */
    private static String mysqlbinlog(MysqlConfig mysql) {
        if (!mysql.command().isEmpty()) {
            Path beside = Path.of(mysql.command().getFirst()).resolveSibling("mysqlbinlog");
            if (Files.isExecutable(beside)) {
                return beside.toString();
            }
        }
        return "mysqlbinlog";
    }

    private static Identity identity(AgentConfig config) {
        Policy policy =
                new Policy(
                        Policy.Durability.valueOf(config.durability().mode().name()),
                        config.durability().acks(),
                        config.durability().degradeAfter(),
                        config.failover().hangAfter(),
                        config.failover().minTenure(),
                        config.rejoin().mode() == RejoinConfig.Mode.AUTO);
        return new Identity(
                config.node().id(),
                UUID.randomUUID().toString(),
                config.mysql().advertise().toString(),
                config.lease().ttl().toMillis(),
                policy);
    }

    private static EtcdClusterStore store(AgentConfig config, LeaseTimes times) throws IOException {
        EtcdConfig etcd = config.etcd();
        // Two calls must fit between a renewal and the deadline, or one slow answer is fatal.
        Duration timeout = times.ttl().minus(times.margin()).dividedBy(3);
        Duration doubled = times.ttl().multipliedBy(2);
        return new EtcdClusterStore(
                ClusterKeys.of(etcd.prefix(), config.cluster()),
                EtcdAccess.of(etcd, CONNECT),
                Ticker.system(),
                timeout,
                doubled.compareTo(SHORTEST_MEMBER_TTL) < 0 ? SHORTEST_MEMBER_TTL : doubled);
    }

    private static ServerAccess access(String node, MysqlConfig mysql) {
        return new ServerAccess(
                node,
                mysql.address(),
                new ServerAccess.Account(mysql.admin().user(), mysql.admin().password()),
                new ServerAccess.Account(
                        mysql.replication().user(), mysql.replication().password()),
                new ServerAccess.Tls(mysql.tls().ca(), mysql.tls().required()),
                ServerAccess.TIMEOUT);
    }
}
