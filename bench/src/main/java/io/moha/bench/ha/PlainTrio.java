package io.moha.bench.ha;

import io.moha.bench.proc.Await;
import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ProcessStack;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers that replicate as those of a demo do, with the same settings and semi-sync, and with
 * nothing of moha: no agent, no guard, no store.
 */
final class PlainTrio {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final PlainServer source;
    private final List<PlainServer> servers;

    private PlainTrio(PlainServer source, List<PlainServer> servers) {
        this.source = source;
        this.servers = List.copyOf(servers);
    }

    /** As many servers as {@code cluster} has, on ports from {@code basePort} on. */
    static PlainTrio start(ProcessStack processes, DemoCluster cluster, int basePort) {
        DemoFile.Node primary = cluster.primary();
        List<DemoFile.Node> replicas = new ArrayList<>(cluster.file().nodes());
        replicas.remove(primary);
        PlainServer source = PlainServer.start(processes, cluster, primary, basePort);
        source.forgetOrigin();
        List<PlainServer> servers = new ArrayList<>(List.of(source));
        for (DemoFile.Node model : replicas) {
            PlainServer replica =
                    PlainServer.start(processes, cluster, model, basePort + servers.size());
            replica.forgetOrigin();
            replica.tuneAs(model);
            replica.execute(
                    follow(
                            source.port(),
                            cluster.file().accounts().root(),
                            receivesByTls(cluster, model)));
            replica.execute("START REPLICA");
            servers.add(replica);
        }
        PlainTrio trio = new PlainTrio(source, servers);
        trio.awaitReplicas();
        // Only now, because with its tuning it waits for replicas.
        source.tuneAs(primary);
        source.execute("SET GLOBAL super_read_only = OFF", "SET GLOBAL read_only = OFF");
        return trio;
    }

    /** Where the source accepts clients. */
    int port() {
        return source.port();
    }

    /** The process ids. */
    List<Long> pids() {
        return servers.stream().map(PlainServer::pid).toList();
    }

    /** Waits until all replicas apply, and are connected as semi-sync replicas. */
    void awaitReplicas() {
        List<PlainServer> replicas = servers.stream().filter(server -> server != source).toList();
        Await.until(
                replicas.size() + " plain replicas",
                BOUND,
                () ->
                        source.semiSyncClients() >= replicas.size()
                                && replicas.stream().allMatch(PlainServer::applies));
    }

    /** What encryption costs is not the agents' doing: the same on either side. */
    private static boolean receivesByTls(DemoCluster cluster, DemoFile.Node replica) {
        try (Connection connection = cluster.connect(replica);
                Statement statement = connection.createStatement();
                ResultSet status = statement.executeQuery("SHOW REPLICA STATUS")) {
            return status.next() && status.getString("Source_SSL_Allowed").equals("Yes");
        } catch (SQLException e) {
            throw new BenchException("cannot ask how a replica connects: " + e.getMessage(), e);
        }
    }

    private static String follow(int port, DemoFile.Account account, boolean tls) {
        if (account.password().contains("'")) {
            throw new BenchException("a password with a quote cannot be used here");
        }
        return ("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=%d,"
                        + " SOURCE_USER='%s', SOURCE_PASSWORD='%s', SOURCE_AUTO_POSITION=1,"
                        + " SOURCE_HEARTBEAT_PERIOD=1, SOURCE_CONNECT_RETRY=1,"
                        + " GET_SOURCE_PUBLIC_KEY=1, SOURCE_SSL=%d")
                .formatted(port, account.user(), account.password(), tls ? 1 : 0);
    }
}
