package io.moha.agent.admin;

import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.config.Quantity;
import io.moha.protocol.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which request gets which answer. Asks only the published picture, so the health checks never
 * block; commands may, for as long as the store takes. Thread-safe.
 */
final class HttpRoutes {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int REFUSED = 409;
    // MoHA's original answer for "not me".
    private static final int TEAPOT = 418;
    private static final int UNAVAILABLE = 503;
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final Set<String> PEERS = Set.of("/promise", "/get-ready", "/catch-up");
    private static final String BEARER = "Bearer ";
    private static final Duration ANY_LAG = Duration.ofMillis(Long.MAX_VALUE);
    private static final Duration SWITCHOVER_TIMEOUT = Duration.ofSeconds(10);

    private final Supplier<AgentView> view;
    private final LongSupplier bootMillis;
    private final AgentCommands commands;
    private final Supplier<String> metrics;
    private final @Nullable Secret token;

    HttpRoutes(
            Supplier<AgentView> view,
            LongSupplier bootMillis,
            AgentCommands commands,
            Supplier<String> metrics,
            @Nullable Secret token) {
        this.view = view;
        this.bootMillis = bootMillis;
        this.commands = commands;
        this.metrics = metrics;
        this.token = token;
    }

    /**
     * One request.
     *
     * @param method in upper case
     * @param path without the query
     * @param query decoded, the last value of each name
     * @param authorization the header's value; empty when there is none
     * @param body empty when there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    record Request(
            String method,
            String path,
            Map<String, String> query,
            String authorization,
            byte[] body) {}

    /**
     * The body of POST /switchover, /failover and /pause; all of it may be missing.
     *
     * @param to the node to become primary
     * @param dryRun only say whether it could be done
     * @param timeout such as 10s
     * @param reason for people
     * @param acceptLoss whether a failover may lose what the new primary lacks
     */
    record Wish(
            @Nullable String to,
            @Nullable Boolean dryRun,
            @Nullable String timeout,
            @Nullable String reason,
            @Nullable Boolean acceptLoss) {}

    /** Whether {@link #answer} may block for this request. */
    static boolean mayBlock(Request request) {
        return request.method().equals("POST");
    }

    /** The answer to {@code request}. */
    HttpAnswer answer(Request request) {
        try {
            return switch (request.method()) {
                case "GET", "HEAD", "OPTIONS" -> show(request);
                case "POST" -> change(request);
                default -> HttpAnswer.message(WRONG_METHOD, "GET to look, POST to change");
            };
        } catch (IllegalArgumentException | MalformedRecordException wrong) {
            return HttpAnswer.message(BAD_REQUEST, String.valueOf(wrong.getMessage()));
        }
    }

    private HttpAnswer show(Request request) {
        AgentView seen = view.get();
        Health health = new Health(seen, bootMillis.getAsLong());
        return switch (request.path()) {
            case "/status" -> HttpAnswer.json(OK, seen);
            case "/primary", "/master", "/read-write" -> check(health.isPrimary(), UNAVAILABLE);
            case "/replica", "/slave" ->
                    check(health.isReplica(maxLag(request.query())), UNAVAILABLE);
            case "/health" -> check(health.isUp(), UNAVAILABLE);
            case "/liveness" -> check(health.isAlive(), UNAVAILABLE);
            case "/readiness" -> check(health.isReady(), UNAVAILABLE);
            case "/masterCheck" -> check(health.isPrimary(), TEAPOT);
            case "/slaveCheck" -> check(health.isReplica(ANY_LAG), TEAPOT);
            case "/metrics" -> HttpAnswer.text(PROMETHEUS, metrics.get());
            case "/switchover", "/failover", "/pause", "/resume" ->
                    HttpAnswer.message(WRONG_METHOD, "this changes something: use POST");
            default -> HttpAnswer.message(NOT_FOUND, "no such page: " + request.path());
        };
    }

    private HttpAnswer check(boolean holds, int otherwise) {
        return HttpAnswer.json(holds ? OK : otherwise, view.get());
    }

    private HttpAnswer change(Request request) throws MalformedRecordException {
        Secret expected = token;
        // It changes nothing that anybody sees, and the agents need it of each other.
        boolean ofPeers = PEERS.contains(request.path());
        if (expected == null && ofPeers) {
            return peer(request);
        }
        if (expected == null) {
            return HttpAnswer.message(FORBIDDEN, "no http.token is configured, so nothing changes");
        }
        String given = request.authorization();
        if (!given.startsWith(BEARER) || !expected.matches(given.substring(BEARER.length()))) {
            return HttpAnswer.message(UNAUTHORIZED, "needs the header Authorization: Bearer TOKEN");
        }
        if (ofPeers) {
            return peer(request);
        }
        Wish wish = wish(request);
        return switch (request.path()) {
            case "/switchover" ->
                    outcome(
                            commands.switchover(
                                    wish.to(),
                                    Boolean.TRUE.equals(wish.dryRun()),
                                    wish.timeout() == null
                                            ? SWITCHOVER_TIMEOUT
                                            : Quantity.duration(wish.timeout())));
            case "/failover" ->
                    outcome(commands.failover(wish.to(), Boolean.TRUE.equals(wish.acceptLoss())));
            case "/pause" ->
                    outcome(
                            commands.pause(
                                    wish.reason() == null ? "asked over HTTP" : wish.reason()));
            case "/resume" -> outcome(commands.resume());
            default -> HttpAnswer.message(NOT_FOUND, "no such command: " + request.path());
        };
    }

    private HttpAnswer peer(Request request) {
        Map<String, String> query = request.query();
        return switch (request.path()) {
            case "/promise" -> promise(query);
            case "/get-ready" ->
                    done(commands.getReady(query.getOrDefault("operation", ""), limit(query)));
            default ->
                    done(
                            commands.catchUp(
                                    Long.parseLong(query.getOrDefault("epoch", "")),
                                    gtids(request.body()),
                                    limit(query)));
        };
    }

    private static String gtids(byte[] body) {
        return GtidSet.parse(new String(body, StandardCharsets.US_ASCII)).toString();
    }

    private static Duration limit(Map<String, String> query) {
        return Duration.ofMillis(Long.parseLong(query.getOrDefault("limitMs", "")));
    }

    private static HttpAnswer done(boolean done) {
        return HttpAnswer.message(done ? OK : REFUSED, done ? "done" : "not done");
    }

    private HttpAnswer promise(Map<String, String> query) {
        return HttpAnswer.json(
                OK,
                commands.promise(
                        Long.parseLong(query.getOrDefault("epoch", "")),
                        query.getOrDefault("holder", ""),
                        Duration.ofMillis(Long.parseLong(query.getOrDefault("ttlMs", "")))));
    }

    private static Wish wish(Request request) throws MalformedRecordException {
        if (request.body().length > 0) {
            return RecordText.decode(request.body(), Wish.class);
        }
        Map<String, String> query = request.query();
        String dryRun = query.get("dryRun");
        String acceptLoss = query.get("acceptLoss");
        return new Wish(
                query.get("to"),
                dryRun == null ? null : Boolean.valueOf(dryRun),
                query.get("timeout"),
                query.get("reason"),
                acceptLoss == null ? null : Boolean.valueOf(acceptLoss));
    }

    private static HttpAnswer outcome(AgentCommands.Outcome outcome) {
        return HttpAnswer.message(outcome.accepted() ? OK : REFUSED, outcome.message());
    }

    private static Duration maxLag(Map<String, String> query) {
        String given = query.get("maxLag");
        return given == null ? ANY_LAG : Quantity.duration(given);
    }
}
