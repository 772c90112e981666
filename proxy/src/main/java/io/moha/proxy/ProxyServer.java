package io.moha.proxy;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.config.HostPort;
import io.moha.proxy.admin.AdminServer;
import io.moha.proxy.admin.ProxyControl;
import io.moha.proxy.config.ListenerConfig;
import io.moha.proxy.config.ProxyConfig;
import io.moha.proxy.frontend.FrontendInitializer;
import io.moha.proxy.frontend.ProxyNetworks;
import io.moha.proxy.http.HttpServer;
import io.moha.proxy.http.StatusSource;
import io.moha.proxy.metrics.ProxyMetrics;
import io.moha.proxy.metrics.ProxyMetrics.Reading;
import io.moha.proxy.metrics.ProxyMetrics.Total;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.session.CloseCause;
import io.moha.proxy.session.SessionRegistry;
import io.moha.proxy.session.SessionSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy from its start to its stop. Clients are accepted before etcd has answered; they are
 * greeted as soon as a server's version is known.
 */
public final class ProxyServer implements ProxyControl {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxyServer.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final ProxyConfig config;
    private final String build;
    private final Ticker ticker;
    private final Moment started;
    private final ProxyParts parts;
    private final Listeners clients;
    private final Listeners operators;
    private final AtomicBoolean draining = new AtomicBoolean();

    /**
     * @param config what the operator wants
     * @param build version of the running program
     * @throws IOException when a configured certificate cannot be used
     */
    public ProxyServer(ProxyConfig config, String build, Ticker ticker) throws IOException {
        this.config = config;
        this.build = build;
        this.ticker = ticker;
        started = ticker.now();
        parts = new ProxyParts(config, build, ticker);
        clients = new Listeners(parts.transport());
        operators = new Listeners(parts.transport());
        readMetrics();
    }

    /**
     * Listens and begins to follow the cluster.
     *
     * @return where clients can connect, by the listener's name
     * @throws IOException when a port cannot be had; everything is closed again then
     */
    public Map<String, HostPort> start() throws IOException {
        try {
            parts.topology().start(parts.sessions());
            Map<String, HostPort> bound = listen();
            LOGGER.atInfo()
                    .addKeyValue("proxy", config.id())
                    .addKeyValue("listeners", bound)
                    .addKeyValue("transport", parts.transport())
                    .log("accepting clients");
            return bound;
        } catch (IOException e) {
            clients.close();
            operators.close();
            parts.close();
            throw e;
        }
    }

    private Map<String, HostPort> listen() throws IOException {
        Map<String, HostPort> bound = new TreeMap<>();
        ProxyNetworks proxies = ProxyNetworks.of(config.proxyProtocol());
        for (ListenerConfig listener : config.listeners()) {
            FrontendInitializer initializer =
                    new FrontendInitializer(parts.logins(), listener.route(), proxies);
            bound.put(
                    listener.name(),
                    clients.bind(
                            listener.name(),
                            listener.listen(),
                            parts.loops(),
                            parts.door().before(initializer)));
        }
        AdminServer.Subjects subjects =
                new AdminServer.Subjects(parts.topology(), this, parts.metrics(), parts.load());
        AdminServer admin = new AdminServer(config, subjects, parts.tlsToClients());
        bound.put(
                "admin", operators.bind("admin", config.admin().listen(), parts.control(), admin));
        HttpServer http = new HttpServer(statusSource(), parts.metrics());
        bound.put("http", operators.bind("http", config.http(), parts.control(), http));
        return bound;
    }

    private StatusSource statusSource() {
        return new StatusSource(
                new StatusSource.Identity(config.cluster(), config.id(), build),
                parts.topology(),
                parts.router(),
                parts.load(),
                this);
    }

    private void readMetrics() {
        ProxyMetrics metrics = parts.metrics();
        SessionRegistry sessions = parts.sessions();
        metrics.read(Reading.SESSIONS, sessions::count);
        metrics.read(Reading.HELD, sessions::holding);
        metrics.read(Reading.SERVER_CONNECTIONS, parts.load()::total);
        metrics.read(Reading.EPOCH, () -> parts.topology().current().epoch());
        metrics.read(
                Reading.WRITABLE,
                () -> parts.topology().current().state() == PrimaryState.SERVING ? 1 : 0);
        metrics.read(Reading.TOPOLOGY_AGE_MS, this::topologyAgeMs);
        metrics.read(Reading.DRAINING, () -> draining.get() ? 1 : 0);
        metrics.read(Reading.UPTIME_SECONDS, () -> ticker.now().since(started).toSeconds());
        metrics.read(Total.COMMANDS, sessions::commands);
        metrics.read(Total.BYTES_FROM_CLIENTS, sessions::bytesFromClients);
        metrics.read(Total.BYTES_TO_CLIENTS, sessions::bytesToClients);
        metrics.readMoves("done", sessions::moves);
        for (CloseCause cause : CloseCause.values()) {
            metrics.readClosed(cause.label(), () -> sessions.closed(cause));
        }
    }

    private long topologyAgeMs() {
        Duration age = parts.topology().age();
        return age == null ? -1 : age.toMillis();
    }

    @Override
    public CompletionStage<List<SessionSnapshot>> sessions() {
        return parts.sessions().snapshots();
    }

    @Override
    public int sessionCount() {
        return parts.sessions().count();
    }

    @Override
    public int heldCount() {
        return parts.sessions().holding();
    }

    @Override
    public CompletionStage<Boolean> kill(long id) {
        return parts.sessions().kill(id);
    }

    @Override
    public boolean drain() {
        if (!draining.compareAndSet(false, true)) {
            return false;
        }
        LOGGER.atInfo().addKeyValue("clients", parts.door().inside()).log("draining");
        clients.closeLater();
        parts.sessions().drain();
        return true;
    }

    @Override
    public CompletionStage<Boolean> holdWrites(boolean hold) {
        LOGGER.atInfo().addKeyValue("hold", hold).log("an operator holds or releases writes");
        return parts.sessions().holdWrites(hold);
    }

    @Override
    public CompletionStage<String> reload() {
        return parts.reload();
    }

    @Override
    public boolean draining() {
        return draining.get();
    }

    /**
     * Drains, waits for transactions as long as {@code drain.timeout} allows, disconnects who is
     * left and closes everything. Blocks; called once.
     */
    public void stop() {
        drain();
        // Logins that were under way may still become sessions, so look again and again.
        boolean empty =
                await(
                        config.drain().timeout(),
                        () -> {
                            parts.sessions().drain();
                            return parts.door().inside();
                        });
        if (!empty) {
            LOGGER.atWarn()
                    .addKeyValue("clients", parts.door().inside())
                    .log("drain.timeout is over, disconnecting who is left");
            parts.sessions().closeAll(config.drain().onDeadline());
            await(CLOSE_WAIT, () -> parts.door().inside());
        }
        operators.close();
        parts.close();
        LOGGER.atInfo().addKeyValue("proxy", config.id()).log("stopped");
    }

    /** Whether {@code left} came down to 0 within {@code longest}. */
    private boolean await(Duration longest, IntSupplier left) {
        CountDownLatch done = new CountDownLatch(1);
        var looking =
                parts.control()
                        .scheduleAtFixedRate(
                                () -> {
                                    if (left.getAsInt() == 0) {
                                        done.countDown();
                                    }
                                },
                                0,
                                LOOK_EVERY.toMillis(),
                                TimeUnit.MILLISECONDS);
        try {
            return done.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            looking.cancel(false);
        }
    }
}
