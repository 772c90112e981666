package io.moha.agent.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.moha.agent.decide.Verdict;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.NodeRole;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of the agent. Gauges read the published picture when they are scraped; events are
 * told by whoever sees them. Thread-safe.
 */
public final class AgentMetrics implements AutoCloseable {

    private static final String EPOCH = "moha.agent.epoch";
    private static final String ROLE = "moha.agent.role";
    private static final String STORE_UP = "moha.agent.store.up";
    private static final String PAUSED = "moha.agent.paused";
    private static final String BLOCKERS = "moha.agent.failover.blockers";
    private static final String MYSQL_UP = "moha.agent.mysql.up";
    private static final String MYSQL_READ_ONLY = "moha.agent.mysql.read.only";
    private static final String MYSQL_STARTS = "moha.agent.mysql.starts";
    private static final String LAG = "moha.agent.replication.lag";
    private static final String RECEIVING = "moha.agent.replication.receiving";
    private static final String APPLYING = "moha.agent.replication.applying";
    private static final String ACKERS = "moha.agent.semisync.clients";
    private static final String WAITING = "moha.agent.semisync.waiting";
    private static final String GUARD_UP = "moha.agent.guard.up";
    private static final String GUARD_SLACK = "moha.agent.guard.slack";
    private static final String RENEWAL = "moha.agent.lease.renewal";
    private static final String TICK = "moha.agent.tick";
    private static final String ELECTIONS = "moha.agent.elections";
    private static final String ROLE_CHANGES = "moha.agent.role.changes";
    private static final String PROMOTION = "moha.agent.promotion.phase";
    private static final String PROMOTIONS = "moha.agent.promotions";
    private static final String LOST = "moha.agent.transactions.lost";
    private static final String VERDICT = "moha.agent.mysql.verdict";
    private static final String DISK = "moha.agent.disk.used.ratio";
    private static final String SECONDS = "seconds";
    private static final @Nullable String PLAIN = null;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final Timer ticks;

    /** Meters of {@code view}; {@code bootMillis} is the boot clock. */
    public AgentMetrics(Supplier<AgentView> view, LongSupplier bootMillis) {
        registry.config().commonTags("cluster", view.get().cluster(), "node", view.get().node());
        registerStanding(view);
        registerServer(view);
        gauge(view, GUARD_UP, PLAIN, seen -> flag(isGuardUp(seen)));
        gauge(
                view,
                GUARD_SLACK,
                SECONDS,
                seen ->
                        seen.guard().deadlineMillis() == 0
                                ? Double.NaN
                                : (seen.guard().deadlineMillis() - bootMillis.getAsLong()) / 1e3);
        ticks = Timer.builder(TICK).description("One turn of the loop").register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    /** One turn of the loop took {@code time}. */
    public void onTick(Duration time) {
        ticks.record(time);
    }

    /** The store answered a renewal with {@code outcome} (one word) after {@code time}. */
    public void onRenewal(String outcome, Duration time) {
        registry.timer(RENEWAL, "outcome", outcome).record(time);
    }

    /** An election that this node took part in ended with {@code outcome} (one word). */
    public void onElection(String outcome) {
        registry.counter(ELECTIONS, "outcome", outcome).increment();
    }

    /** This node became primary by {@code change}. */
    public void onPromotion(HistoryRecord change) {
        String kind = change.kind().name().toLowerCase(Locale.ROOT);
        change.phaseMillis()
                .forEach(
                        (phase, millis) ->
                                registry.timer(PROMOTION, "kind", kind, "phase", phase)
                                        .record(Duration.ofMillis(millis)));
        registry.counter(PROMOTIONS, "kind", kind).increment();
        registry.counter(LOST, "kind", kind)
                .increment((double) GtidSet.parse(change.lost()).count());
    }

    /** The node took another role. */
    public void onRoleChange(NodeRole role) {
        registry.counter(ROLE_CHANGES, "to", label(role)).increment();
    }

    /** Everything in Prometheus's text form. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }

    private void registerStanding(Supplier<AgentView> view) {
        for (NodeRole role : NodeRole.values()) {
            Gauge.builder(ROLE, () -> flag(view.get().role() == role))
                    .tag("role", label(role))
                    .register(registry);
        }
        gauge(view, EPOCH, PLAIN, AgentView::epoch);
        gauge(view, STORE_UP, PLAIN, seen -> flag(seen.storeReachable()));
        gauge(view, PAUSED, PLAIN, seen -> flag(seen.paused()));
        gauge(view, BLOCKERS, PLAIN, seen -> seen.blockers().size());
    }

    private void registerServer(Supplier<AgentView> view) {
        gauge(view, MYSQL_UP, PLAIN, seen -> flag(seen.mysql() != null));
        gauge(view, MYSQL_STARTS, PLAIN, seen -> seen.guard().incarnation());
        server(view, MYSQL_READ_ONLY, PLAIN, server -> flag(server.readOnly()));
        server(view, ACKERS, PLAIN, AgentView.Server::semiSyncClients);
        server(view, WAITING, PLAIN, AgentView.Server::waitingCommits);
        server(
                view,
                DISK,
                PLAIN,
                server -> server.diskPercent() < 0 ? Double.NaN : server.diskPercent() / 1e2);
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            Gauge.builder(VERDICT, () -> flag(isJudged(view.get(), kind)))
                    .tag("verdict", kind.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        replication(
                view,
                LAG,
                SECONDS,
                replica -> replica.lagMs() < 0 ? Double.NaN : replica.lagMs() / 1e3);
        replication(view, RECEIVING, PLAIN, replica -> flag(replica.receiving()));
        replication(view, APPLYING, PLAIN, replica -> flag(replica.applying()));
    }

    private void gauge(
            Supplier<AgentView> view,
            String name,
            @Nullable String unit,
            ToDoubleFunction<AgentView> value) {
        Gauge.builder(name, () -> value.applyAsDouble(view.get()))
                .baseUnit(unit)
                .register(registry);
    }

    private void server(
            Supplier<AgentView> view,
            String name,
            @Nullable String unit,
            ToDoubleFunction<AgentView.Server> value) {
        gauge(
                view,
                name,
                unit,
                seen -> seen.mysql() == null ? Double.NaN : value.applyAsDouble(seen.mysql()));
    }

    private void replication(
            Supplier<AgentView> view,
            String name,
            @Nullable String unit,
            ToDoubleFunction<AgentView.Replication> value) {
        server(
                view,
                name,
                unit,
                server ->
                        server.replication() == null
                                ? Double.NaN
                                : value.applyAsDouble(server.replication()));
    }

    private static boolean isGuardUp(AgentView seen) {
        return seen.guard().state() != GuardStatus.State.UNREACHABLE;
    }

    private static boolean isJudged(AgentView seen, Verdict.Kind kind) {
        return seen.verdict() != null && seen.verdict().kind() == kind;
    }

    private static String label(NodeRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static double flag(boolean holds) {
        return holds ? 1 : 0;
    }
}
