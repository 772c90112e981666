package io.moha.proxy.admin;

import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.Octets;
import io.moha.proxy.config.ProxyConfig;
import io.moha.proxy.metrics.ProxyMetrics;
import io.moha.proxy.routing.ServerLoad;
import io.moha.proxy.topology.ClusterOperations;
import io.moha.proxy.topology.TopologyWatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries out admin SQL. Thread-safe; never blocks. */
final class AdminCommands {

    private static final Duration SWITCHOVER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REHEARSAL_TIMEOUT = Duration.ofSeconds(5);
    private static final int UNKNOWN_VARIABLE = 1193;
    private static final int READ_ONLY_VARIABLE = 1238;

    private final ProxyConfig config;
    private final TopologyWatcher topology;
    private final ClusterOperations operations;
    private final ProxyControl proxy;
    private final ProxyMetrics metrics;
    private final ServerLoad load;

    /** Who asks. */
    record Asker(long connectionId, String user, String host, String serverVersion) {

        String account() {
            return user + "@" + host;
        }
    }

    AdminCommands(
            ProxyConfig config,
            TopologyWatcher topology,
            ProxyControl proxy,
            ProxyMetrics metrics,
            ServerLoad load) {
        this.config = config;
        this.topology = topology;
        this.operations = topology.operations();
        this.proxy = proxy;
        this.metrics = metrics;
        this.load = load;
    }

    /** Carries out {@code sql}; the future never fails. */
    CompletableFuture<AdminReply> execute(String sql, Asker asker) {
        try {
            return execute(AdminParser.parse(sql), asker)
                    .exceptionally(error -> AdminReply.refused(words(error)));
        } catch (AdminSyntaxException e) {
            return now(
                    new AdminReply.Failed(
                            ErrPacket.of(ErrorCode.PARSE_ERROR, String.valueOf(e.getMessage()))));
        }
    }

    private CompletableFuture<AdminReply> execute(AdminStatement statement, Asker asker) {
        return switch (statement) {
            case AdminStatement.Show(var what, var like) -> show(what, like);
            case AdminStatement.Select select -> now(select(select, asker));
            case AdminStatement.Switchover(var to) ->
                    operations
                            .switchover(to, asker.account(), SWITCHOVER_TIMEOUT)
                            .thenApply(AdminCommands::outcome);
            case AdminStatement.Rehearse(var to) ->
                    operations
                            .rehearse(to, asker.account(), REHEARSAL_TIMEOUT)
                            .thenCompose(refusal -> rehearsed(to, refusal));
            case AdminStatement.HoldWrites(var hold) ->
                    proxy.holdWrites(hold)
                            .thenApply(
                                    done(
                                            hold ? "writes are held" : "writes go on",
                                            hold
                                                    ? "writes are held already"
                                                    : "no writes are held"))
                            .toCompletableFuture();
            case AdminStatement.Reload _ ->
                    proxy.reload()
                            .<AdminReply>thenApply(AdminReply.Done::new)
                            .toCompletableFuture();
            case AdminStatement.SetSetting(var name) -> now(refuseToSet(name));
            case AdminStatement.Pause _ ->
                    operations.pause(asker.account()).thenApply(done("paused", "paused already"));
            case AdminStatement.Resume _ ->
                    operations.resume().thenApply(done("resumed", "was not paused"));
            case AdminStatement.Drain _ ->
                    now(done("draining", "draining already").apply(proxy.drain()));
            case AdminStatement.Kill(long id) -> kill(id);
            case AdminStatement.Help _ -> now(new AdminReply.Rows(HelpTable.table()));
            case AdminStatement.Ignored _ -> now(new AdminReply.Done(""));
        };
    }

    private static CompletableFuture<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static Function<Boolean, AdminReply> done(String changed, String unchanged) {
        return isChanged -> new AdminReply.Done(isChanged ? changed : unchanged);
    }

    private static AdminReply outcome(SwitchoverRecord record) {
        return record.phase() == SwitchoverPhase.DONE
                ? new AdminReply.Rows(ClusterTables.phases(record))
                : AdminReply.refused("switchover abandoned: " + record.reason());
    }

    private CompletableFuture<AdminReply> rehearsed(@Nullable String to, String refusal) {
        return !refusal.isEmpty()
                ? now(AdminReply.refused("a switchover would be refused: " + refusal))
                : proxy.sessions()
                        .<AdminReply>thenApply(
                                all ->
                                        new AdminReply.Rows(
                                                RehearsalTable.of(topology.view(), to, all)))
                        .toCompletableFuture();
    }

    private AdminReply refuseToSet(String name) {
        boolean known = SettingsList.of(config).keySet().stream().anyMatch(name::equalsIgnoreCase);
        return new AdminReply.Failed(
                known
                        ? error(
                                READ_ONLY_VARIABLE,
                                "Variable '"
                                        + name
                                        + "' is a read only variable; it is set in the"
                                        + " configuration file and read at the start")
                        : unknownVariable(name));
    }

    private CompletableFuture<AdminReply> kill(long id) {
        return proxy.kill(id)
                .<AdminReply>thenApply(
                        found ->
                                found
                                        ? new AdminReply.Done("")
                                        : new AdminReply.Failed(
                                                ErrPacket.of(
                                                        ErrorCode.NO_SUCH_THREAD,
                                                        "Unknown thread id: " + id)))
                .toCompletableFuture();
    }

    private CompletableFuture<AdminReply> show(AdminStatement.Topic topic, @Nullable String like) {
        if (topic == AdminStatement.Topic.HISTORY) {
            return operations
                    .history()
                    .thenApply(history -> new AdminReply.Rows(ClusterTables.history(history)));
        }
        if (topic == AdminStatement.Topic.SESSIONS) {
            return proxy.sessions()
                    .<AdminReply>thenApply(all -> new AdminReply.Rows(SessionTable.of(all)))
                    .toCompletableFuture();
        }
        return now(new AdminReply.Rows(table(topic).like(like)));
    }

    private ResultTable table(AdminStatement.Topic topic) {
        return switch (topic) {
            case CLUSTER -> ClusterTables.cluster(config.cluster(), topology.view());
            case NODES -> ClusterTables.nodes(topology.view());
            case PROXIES -> ClusterTables.proxies(topology.view());
            case POOLS -> pools();
            case STATUS -> status();
            case VARIABLES -> new ServerVariables(version(), SettingsList.of(config)).table();
            case WARNINGS -> ResultTable.of("Level", "Code", "Message");
            case DATABASES -> ResultTable.of("Database");
            case TABLES -> ResultTable.of("Tables_in_moha");
            case HISTORY, SESSIONS -> throw new IllegalStateException("not at hand at once");
        };
    }

    private String version() {
        String version = topology.current().serverVersion();
        return version == null ? AdminServer.VERSION_WHEN_UNKNOWN : version;
    }

    private ResultTable pools() {
        ResultTable table = ResultTable.of("node", "connections");
        topology.view().members().stream()
                .map(member -> member.id())
                .forEach(node -> table.row(node, load.connections(node)));
        return table;
    }

    private ResultTable status() {
        ResultTable table = ResultTable.of("Variable_name", "Value");
        metrics.status().forEach((name, value) -> table.row(name, value));
        return table;
    }

    private AdminReply select(AdminStatement.Select select, Asker asker) {
        ServerVariables variables = new ServerVariables(asker.serverVersion(), Map.of());
        String[] names = new String[select.items().size()];
        @Nullable Object[] values = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
            AdminStatement.SelectItem item = select.items().get(i);
            names[i] = item.name();
            Token token = item.value();
            if (token.kind() == Token.Kind.VARIABLE) {
                String value = variables.value(token.text());
                if (value == null) {
                    return new AdminReply.Failed(unknownVariable(token.text()));
                }
                values[i] = value;
            } else {
                values[i] = token.kind() == Token.Kind.STRING ? token.text() : word(token, asker);
            }
        }
        return new AdminReply.Rows(ResultTable.of(names).row(values));
    }

    private static @Nullable String word(Token token, Asker asker) {
        return switch (token.text().toUpperCase(Locale.ROOT)) {
            case "USER", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER" -> asker.account();
            case "VERSION" -> asker.serverVersion();
            case "CONNECTION_ID" -> String.valueOf(asker.connectionId());
            case "DATABASE", "SCHEMA", "NULL" -> null;
            default -> token.text();
        };
    }

    private static ErrPacket unknownVariable(String name) {
        return error(UNKNOWN_VARIABLE, "Unknown system variable '" + name + "'");
    }

    private static ErrPacket error(int number, String message) {
        return new ErrPacket(number, "HY000", Octets.of(message, StandardCharsets.UTF_8));
    }

    private static String words(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return String.valueOf(cause.getMessage());
    }
}
