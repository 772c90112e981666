package io.moha.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Everything the proxy counts, and the name of every meter. Thread-safe; nothing here costs more
 * than an addition, and the query path counts in {@link LoopCounters}.
 */
public final class ProxyMetrics implements MeterBinder {

    private static final String CONNECTIONS = "moha.proxy.connections";
    private static final String LOGINS = "moha.proxy.logins";
    private static final String LOGIN_FAILURES = "moha.proxy.login.failures";
    private static final String SESSIONS_CLOSED = "moha.proxy.sessions.closed";
    private static final String MOVES = "moha.proxy.moves";
    private static final String CLIENT_ERRORS = "moha.proxy.client.errors";

    private final LongAdder connections = new LongAdder();
    private final LabelledCounter logins =
            new LabelledCounter(LOGINS, "path", "logins that succeeded, by how");
    private final LabelledCounter loginFailures =
            new LabelledCounter(LOGIN_FAILURES, "cause", "logins that failed, by why");
    private final LabelledCounter sessionsClosed =
            new LabelledCounter(SESSIONS_CLOSED, "cause", "sessions that ended, by why");
    private final LabelledCounter moves =
            new LabelledCounter(MOVES, "outcome", "sessions moved to another server, by outcome");
    private final LabelledCounter clientErrors =
            new LabelledCounter(CLIENT_ERRORS, "error", "errors the proxy gave clients, by number");
    private final Map<Reading, Supplier<? extends Number>> readings = new ConcurrentHashMap<>();
    private final Map<Total, LongSupplier> totals = new ConcurrentHashMap<>();

    /** Values that are read where they arise. */
    public enum Reading {
        /** Sessions that are logged in. */
        SESSIONS("moha.proxy.sessions", "Threads_connected", "sessions that are logged in"),
        /** Sessions that wait for a primary. */
        HELD("moha.proxy.sessions.held", "Moha_sessions_held", "sessions that wait for a primary"),
        /** Open connections to servers. */
        SERVER_CONNECTIONS(
                "moha.proxy.server.connections",
                "Moha_server_connections",
                "open connections to servers"),
        /** The epoch that the proxy believes in. */
        EPOCH("moha.proxy.epoch", "Moha_epoch", "the leadership period the proxy routes by"),
        /** 1 when writes can be routed. */
        WRITABLE("moha.proxy.writable", "Moha_writable", "1 when writes can be routed"),
        /** Milliseconds since etcd last answered; negative when it never did. */
        TOPOLOGY_AGE_MS(
                "moha.proxy.topology.age.ms",
                "Moha_topology_age_ms",
                "milliseconds since etcd last answered"),
        /** 1 while the proxy takes no new clients. */
        DRAINING("moha.proxy.draining", "Moha_draining", "1 while no new clients are taken"),
        /** Seconds since the start. */
        UPTIME_SECONDS("moha.proxy.uptime.seconds", "Uptime", "seconds since the start");

        private final String meter;
        private final String status;
        private final String description;

        Reading(String meter, String status, String description) {
            this.meter = meter;
            this.status = status;
            this.description = description;
        }
    }

    /** Counts of the query path, which only grow. */
    public enum Total {
        /** Commands from clients. */
        COMMANDS("moha.proxy.commands", "Questions", "commands from clients"),
        /** Bytes from clients. */
        BYTES_FROM_CLIENTS(
                "moha.proxy.bytes.from.clients", "Bytes_received", "bytes that came from clients"),
        /** Bytes to clients. */
        BYTES_TO_CLIENTS("moha.proxy.bytes.to.clients", "Bytes_sent", "bytes that went to clients");

        private final String meter;
        private final String status;
        private final String description;

        Total(String meter, String status, String description) {
            this.meter = meter;
            this.status = status;
            this.description = description;
        }
    }

    /** A client connected, whatever becomes of it. */
    public void countConnection() {
        connections.increment();
    }

    /** A client logged in, by way of {@code path}. */
    public void countLogin(String path) {
        logins.count(path);
    }

    /** A login failed because of {@code cause}. */
    public void countLoginFailure(String cause) {
        loginFailures.count(cause);
    }

    /** From now on sessions that ended because of {@code cause} are taken from {@code source}. */
    public void readClosed(String cause, LongSupplier source) {
        sessionsClosed.read(cause, source);
    }

    /** From now on moves that ended as {@code outcome} are taken from {@code source}. */
    public void readMoves(String outcome, LongSupplier source) {
        moves.read(outcome, source);
    }

    /** A client got error {@code number} from the proxy itself. */
    public void countClientError(int number) {
        clientErrors.count(Integer.toString(number));
    }

    /** From now on {@code reading} is taken from {@code source}, on any thread. */
    public void read(Reading reading, Supplier<? extends Number> source) {
        readings.put(reading, source);
    }

    /** From now on {@code total} is taken from {@code source}, on any thread. */
    public void read(Total total, LongSupplier source) {
        totals.put(total, source);
    }

    /** Every value by its name in SHOW STATUS, in a fixed order. */
    public Map<String, Long> status() {
        Map<String, Long> status = new LinkedHashMap<>();
        for (Reading reading : Reading.values()) {
            status.put(reading.status, value(reading).longValue());
        }
        for (Total total : Total.values()) {
            status.put(total.status, value(total));
        }
        status.put("Connections", connections.sum());
        status.put("Moha_logins", logins.total());
        put(status, "Moha_login_failures", loginFailures);
        put(status, "Moha_sessions_closed", sessionsClosed);
        put(status, "Moha_moves", moves);
        put(status, "Moha_client_errors", clientErrors);
        return status;
    }

    private static void put(Map<String, Long> status, String name, LabelledCounter counter) {
        status.put(name, counter.total());
        counter.byValue().forEach((value, count) -> status.put(name + "_" + value, count));
    }

    private Number value(Reading reading) {
        Supplier<? extends Number> source = readings.get(reading);
        return source == null ? 0 : source.get();
    }

    private long value(Total total) {
        LongSupplier source = totals.get(total);
        return source == null ? 0 : source.getAsLong();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Reading reading : Reading.values()) {
            Gauge.builder(reading.meter, () -> value(reading))
                    .description(reading.description)
                    .register(registry);
        }
        for (Total total : Total.values()) {
            counter(registry, total.meter, total.description, me -> me.value(total));
        }
        counter(registry, CONNECTIONS, "connections accepted", me -> me.connections.sum());
        logins.bindTo(registry);
        loginFailures.bindTo(registry);
        sessionsClosed.bindTo(registry);
        moves.bindTo(registry);
        clientErrors.bindTo(registry);
    }

    /** Registries hold the counted object weakly, so it has to be this one. */
    private void counter(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<ProxyMetrics> source) {
        FunctionCounter.builder(name, this, source).description(description).register(registry);
    }
}
