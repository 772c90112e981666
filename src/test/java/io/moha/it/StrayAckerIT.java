package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.demo.DemoFile;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.WithCluster;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node whose agent is away, and that is no acker any more, must not acknowledge by itself. */
@ExtendWith(WithCluster.class)
class StrayAckerIT {

    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final String DUMPS =
            "SELECT PROCESSLIST_ID FROM performance_schema.threads"
                    + " WHERE PROCESSLIST_COMMAND LIKE 'Binlog Dump%' AND PROCESSLIST_USER LIKE '%\\_";

    private static List<Long> stopped = List.of();

    @AfterEach
    void goOn() throws Exception {
        signal("CONT");
    }

    @Test
    void whoWasStruckOffWhileItsAgentIsAwayDoesNotAcknowledge(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String stray =
                cluster.nodes().stream()
                        .filter(id -> !id.equals(primary))
                        .findFirst()
                        .orElseThrow();
        stopped = List.of(cluster.agent(stray), cluster.mysqld(stray));
        signal("STOP");
        try (Connection source = root(cluster, primary)) {
            column(source, DUMPS + stray + "'", 1).forEach(dump -> kill(source, dump));
            Await.costlyValue(
                    stray + " is struck off",
                    BOUND,
                    () -> ackers(cluster).contains(stray) ? null : Boolean.TRUE);
            // It finds its connection broken, and connects again by itself.
            signal("CONT", stopped.getLast());
        }
        try (Connection source = root(cluster, primary);
                Connection replica = root(cluster, stray)) {
            Await.until(
                    stray + " is turned away",
                    BOUND,
                    () ->
                            column(replica, "SHOW REPLICA STATUS", "Last_IO_Error")
                                    .getFirst()
                                    .contains("locked"));
            assertThat(column(replica, "SELECT @@rpl_semi_sync_replica_enabled", 1))
                    .containsExactly("1");
            assertThat(column(source, DUMPS + stray + "'", 1)).isEmpty();
            assertThat(column(source, "SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'", 2))
                    .containsExactly("1");
            signal("CONT");
            cluster.awaitWell();
            Await.until(
                    stray + " acknowledges again",
                    BOUND,
                    () ->
                            column(source, "SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'", 2)
                                    .equals(List.of("2")));
        }
    }

    private static List<String> ackers(Cluster cluster) throws IOException {
        List<String> ackers = new ArrayList<>();
        cluster.status().path("durability").path("ackers").forEach(id -> ackers.add(id.asText()));
        return ackers;
    }

    private static void kill(Connection source, String id) {
        try (Statement statement = source.createStatement()) {
            statement.execute("KILL " + id);
        } catch (SQLException gone) {
            // It ended by itself meanwhile.
        }
    }

    private static List<String> column(Connection of, String sql, int number) throws SQLException {
        try (Statement statement = of.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(number));
            }
            return values;
        }
    }

    private static List<String> column(Connection of, String sql, String name) throws SQLException {
        try (Statement statement = of.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(name));
            }
            return values;
        }
    }

    private static Connection root(Cluster cluster, String node) throws SQLException {
        DemoFile.Account root = cluster.file().accounts().root();
        return DriverManager.getConnection(
                "jdbc:mysql://" + cluster.node(node).mysql() + "/?sslMode=REQUIRED",
                root.user(),
                root.password());
    }

    private static void signal(String name) throws IOException, InterruptedException {
        for (long pid : stopped) {
            signal(name, pid);
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        kill.waitFor(5, TimeUnit.SECONDS);
    }
}
