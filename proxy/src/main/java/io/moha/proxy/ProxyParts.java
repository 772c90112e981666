package io.moha.proxy;

import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.NettyBackendConnector;
import io.moha.proxy.backend.WarmingConnector;
import io.moha.proxy.config.ListenerConfig;
import io.moha.proxy.config.ProxyConfig;
import io.moha.proxy.config.ReadsConfig;
import io.moha.proxy.frontend.ConnectionIds;
import io.moha.proxy.frontend.CredentialCache;
import io.moha.proxy.frontend.LoginServices;
import io.moha.proxy.frontend.UserChanges;
import io.moha.proxy.metrics.ProxyMetrics;
import io.moha.proxy.routing.ConnectionCounts;
import io.moha.proxy.routing.Router;
import io.moha.proxy.session.SessionDependencies;
import io.moha.proxy.session.SessionFactory;
import io.moha.proxy.session.SessionRegistry;
import io.moha.proxy.tls.PasswordKeys;
import io.moha.proxy.tls.TlsToClients;
import io.moha.proxy.tls.TlsToServers;
import io.moha.proxy.topology.TopologyWatcher;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The parts of a proxy, put together in the order in which a client meets them. Making them opens
 * no socket and starts no thread but for keys and certificates, which are made in the background.
 */
final class ProxyParts implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int CACHED_USERS = 10_000;
    private static final Duration CACHED_FOR = Duration.ofHours(8);
    // Tells the connection ids of a cluster's proxies apart; the rest of the 30 bits count.
    private static final int PROXY_NUMBER_BITS =
            Integer.numberOfTrailingZeros(TopologyWatcher.PROXY_NUMBERS);

    private final Transport transport = Transport.best();
    private final ProxyMetrics metrics = new ProxyMetrics();
    private final ConnectionCounts load = new ConnectionCounts();
    private final EventLoopGroup loops;
    private final EventLoopGroup control;
    private final Executor background;
    private final ClientDoor door;
    private final Router router;
    private final TopologyWatcher topology;
    private final TlsToClients tlsToClients;
    private final TlsToServers tlsToServers;
    private final SessionRegistry sessions;
    private final LoginServices logins;

    /**
     * @param build version of the running program
     * @throws IOException when a configured certificate cannot be used
     */
    ProxyParts(ProxyConfig config, String build, Ticker ticker) throws IOException {
        loops = transport.loops("moha-session", threads(config));
        control = transport.loops("moha-control", 1);
        door = new ClientDoor(config.limits().maxClients(), metrics);
        router = router(config.reads());
        topology =
                new TopologyWatcher(
                        config.etcd(),
                        ClusterKeys.of(config.etcd().prefix(), config.cluster()),
                        self(config, build),
                        ticker,
                        loops);
        background =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().name("moha-keys-", 0).daemon(true).factory());
        tlsToClients = TlsToClients.start(config.tls(), null, background);
        tlsToServers = TlsToServers.start(config.tls(), background);
        LoginServices.Secrets secrets =
                new LoginServices.Secrets(
                        tlsToClients,
                        PasswordKeys.start(null, background),
                        new CredentialCache(CACHED_USERS, CACHED_FOR));
        BackendConnector connector = connector(config);
        SessionFactory factory =
                new SessionFactory(
                        new SessionDependencies(
                                topology,
                                router,
                                connector,
                                new UserChanges(secrets, config.limits().loginTimeout()),
                                config.hold(),
                                new SessionDependencies.Endings(
                                        config.limits().idleTimeout(),
                                        config.drain().onDeadline())));
        sessions = factory.registry();
        UserLimit users = new UserLimit(config.limits().maxClientsPerUser());
        logins =
                new LoginServices(
                        new LoginServices.Servers(
                                topology, router::decide, users.before(connector)),
                        secrets,
                        new LoginServices.Limits(
                                config.limits().loginTimeout(), config.hold().maxWait()),
                        connectionIds(config),
                        users.counting(factory),
                        new MeteredLogins(metrics));
    }

    private static int threads(ProxyConfig config) {
        return config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
    }

    private Router router(ReadsConfig reads) {
        boolean primary = reads.whenNoReplica() == ReadsConfig.WhenNoReplica.PRIMARY;
        return new Router(reads.maxLag(), primary, load);
    }

    private BackendConnector connector(ProxyConfig config) {
        BackendConnector connector =
                new NettyBackendConnector(
                        tlsToServers, CONNECT_TIMEOUT, config.limits().loginTimeout());
        return new CountedConnector(new WarmingConnector(connector), load);
    }

    private ConnectionIds connectionIds(ProxyConfig config) {
        int first = TopologyWatcher.firstNumber(config.id());
        ConnectionIds ids = new ConnectionIds(first, PROXY_NUMBER_BITS);
        topology.tellNumber(ids::renumber);
        return ids;
    }

    private static ProxyRecord self(ProxyConfig config, String build) {
        TreeMap<String, String> listeners = new TreeMap<>();
        for (ListenerConfig listener : config.listeners()) {
            listeners.put(listener.name(), listener.listen().toString());
        }
        return new ProxyRecord(
                1,
                config.id(),
                listeners,
                config.admin().listen().toString(),
                config.http().toString(),
                build);
    }

    /** Which sockets and event loops this machine has. */
    Transport transport() {
        return transport;
    }

    /** Event loops of clients and of their server connections. */
    EventLoopGroup loops() {
        return loops;
    }

    /** The one event loop of operators and monitoring, which clients cannot keep busy. */
    EventLoopGroup control() {
        return control;
    }

    ProxyMetrics metrics() {
        return metrics;
    }

    ConnectionCounts load() {
        return load;
    }

    ClientDoor door() {
        return door;
    }

    Router router() {
        return router;
    }

    TopologyWatcher topology() {
        return topology;
    }

    TlsToClients tlsToClients() {
        return tlsToClients;
    }

    SessionRegistry sessions() {
        return sessions;
    }

    LoginServices logins() {
        return logins;
    }

    /** Reads certificates again, in the background; says which, or fails with why not. */
    CompletableFuture<String> reload() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        String clients = tlsToClients.reload(background);
                        return clients + "; " + tlsToServers.reload(background);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e.getMessage(), e);
                    }
                },
                background);
    }

    /** Ends what the parts run by themselves, the event loops last. Blocks for two seconds. */
    @Override
    public void close() {
        topology.close();
        EventLoops.stop(control);
        EventLoops.stop(loops);
        tlsToClients.close();
        tlsToServers.close();
    }
}
