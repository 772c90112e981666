package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.ClusterView;
import io.moha.it.load.WriteLoad;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People and applications do what they should not, or what they have to. */
@ExtendWith(WithFaultCluster.class)
class OperatorFaultsIT {

    /** Less than any change of primary would take. */
    private static final Duration NO_CHANGE = Duration.ofSeconds(4);

    @Test
    void aReplicaWhoseRowsDifferIsNoCandidate(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String broken = FaultCluster.others(primary).getFirst();
        try (Witnesses seen = Witnesses.of(cluster, "39 a replica's applier is broken")) {
            on(primary, cluster, "CREATE TABLE IF NOT EXISTS app.broken (id INT PRIMARY KEY)");
            on(primary, cluster, "REPLACE INTO app.broken VALUES (1)");
            Await.costlyValue(
                    "the row is on " + broken,
                    Witnesses.BOUND,
                    () -> value(broken, cluster, "SELECT id FROM app.broken"));
            seen.strike();
            on(
                    broken,
                    cluster,
                    "SET sql_log_bin = 0",
                    "SET GLOBAL super_read_only = OFF",
                    "DELETE FROM app.broken",
                    "SET GLOBAL super_read_only = ON");
            on(primary, cluster, "DELETE FROM app.broken");

            Await.costlyValue(
                    broken + " may not be promoted",
                    Witnesses.BOUND,
                    () -> promotable(cluster, broken) ? null : Boolean.TRUE);
            long mysqld = cluster.node(primary).mysqld();
            Signals.kill(List.of(mysqld));
            // The one that died may be back first: what only the broken one received, it has too.
            Await.until(
                    "the server that died is another process",
                    Witnesses.BOUND,
                    () -> cluster.node(primary).mysqld() != mysqld);
            seen.awaitWrites();

            assertThat(cluster.primary()).isNotEqualTo(broken);
            on(
                    broken,
                    cluster,
                    "SET sql_log_bin = 0",
                    "SET GLOBAL super_read_only = OFF",
                    "REPLACE INTO app.broken VALUES (1)",
                    "SET GLOBAL super_read_only = ON");
            seen.verify();
        }
    }

    @Test
    void whatSomebodyWroteOnAReplicaIsTakenOutAgain(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String errant = FaultCluster.others(primary).getFirst();
        try (Witnesses seen = Witnesses.of(cluster, "40 somebody writes on a replica")) {
            on(primary, cluster, "CREATE TABLE IF NOT EXISTS app.errant (id INT PRIMARY KEY)");
            Await.until(
                    "the table is on " + errant,
                    Witnesses.BOUND,
                    () -> {
                        on(errant, cluster, "SELECT * FROM app.errant");
                        return true;
                    });
            seen.strike();
            on(
                    errant,
                    cluster,
                    "SET GLOBAL super_read_only = OFF",
                    "INSERT INTO app.errant VALUES (1)",
                    "SET GLOBAL super_read_only = ON");

            seen.writesGoOn(Duration.ofSeconds(3), NO_CHANGE);
            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    @Tag("slow")
    void whatSomebodyWroteStaysWhereOnlyOperatorsTakeItOut(FaultCluster cluster) throws Exception {
        cluster.reconfigure("rejoin: {mode: manual}\n");
        String primary = cluster.primary();
        String errant = FaultCluster.others(primary).getFirst();
        try (Witnesses seen = Witnesses.of(cluster, "40 the same; rejoin.mode is manual")) {
            long mysqld = cluster.node(errant).mysqld();
            seen.strike();
            on(
                    errant,
                    cluster,
                    "SET GLOBAL super_read_only = OFF",
                    "CREATE TABLE app.stray (id INT PRIMARY KEY)",
                    "SET GLOBAL super_read_only = ON");

            String cure = "moha rejoin " + errant + " brings it back";
            Await.costlyValue(
                    "what to do is said",
                    Witnesses.BOUND,
                    () -> cluster.moha("why").out().contains(cure) ? Boolean.TRUE : null);
            seen.writesGoOn(Duration.ofSeconds(3), NO_CHANGE);
            assertThat(cluster.node(errant).mysqld()).isEqualTo(mysqld);
            assertThat(cluster.moha("why").out()).contains(cure);

            ClusterView.Printed back = cluster.moha("rejoin", errant, "--timeout=2m");

            assertThat(back.exit()).as(back.toString()).isZero();
            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        } finally {
            cluster.heal();
            cluster.reconfigure("");
        }
    }

    @Test
    void aReplicaThatSomebodyMadeWritableIsReadOnlyAgain(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String opened = FaultCluster.others(primary).getFirst();
        // Without the prober, which would write there at once.
        try (WriteLoad load = WriteLoad.start(cluster)) {
            on(opened, cluster, "SET GLOBAL read_only = OFF");
            long began = System.nanoTime();

            Await.until(
                    opened + " is read-only again",
                    Witnesses.BOUND,
                    () -> "1".equals(value(opened, cluster, "SELECT @@super_read_only")));

            Recoveries.record(
                    "48 somebody makes a replica writable",
                    Duration.ofNanos(System.nanoTime() - began),
                    Duration.ZERO);
            load.awaitProgress(20, NO_CHANGE);
            assertThat(cluster.primary()).isEqualTo(primary);
            assertThat(load.errors()).isEmpty();
        }
    }

    @Test
    void aReplicaThatSomebodyStoppedGoesOn(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "49 somebody stops replication")) {
            seen.strike();
            for (String replica : FaultCluster.others(primary)) {
                on(replica, cluster, "STOP REPLICA");
            }

            seen.writesGoOn(Duration.ofSeconds(3), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void aPasswordThatIsWrongIsNoDeath(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        var agent = cluster.accounts().agent();
        try (Witnesses seen = Witnesses.of(cluster, "50 the agents' password is changed")) {
            seen.strike();
            on(primary, cluster, "ALTER USER moha_admin@'%' IDENTIFIED BY 'other-than-before'");
            for (String node : FaultCluster.NODES) {
                killConnectionsOf(agent.user(), node, cluster);
            }

            seen.writesGoOn(Duration.ofSeconds(14), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            on(
                    primary,
                    cluster,
                    "ALTER USER moha_admin@'%' IDENTIFIED BY '" + agent.password() + "'");
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void aServerWithoutFreeConnectionsIsNotDead(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        List<Connection> crowd = new ArrayList<>();
        try (Witnesses seen = Witnesses.of(cluster, "51 all connections are in use")) {
            on(primary, cluster, "SET GLOBAL max_connections = 60");
            seen.strike();
            crowd(cluster, primary, crowd);
            killConnectionsOf(cluster.accounts().agent().user(), primary, cluster);

            seen.writesGoOn(Duration.ofSeconds(14), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            for (Connection one : crowd) {
                one.close();
            }
            on(primary, cluster, "SET GLOBAL max_connections = 1000");
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void whoPausedTheClusterDecides(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "54 the primary dies in pause mode")) {
            assertThat(cluster.moha("pause").exit()).isZero();
            seen.strike();
            cluster.node(primary).crash();

            seen.awaitStandstill();
            seen.nobodyWrites(Duration.ofSeconds(9));
            assertThat(cluster.moha("resume").exit()).isZero();

            seen.awaitFailover(primary);
            seen.verify();
        } finally {
            cluster.moha("resume");
        }
    }

    @Test
    void aSwitchoverOutlivesItsProxy(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        String fresh = FaultCluster.others(old).getFirst();
        try (Witnesses seen = Witnesses.of(cluster, "55 the proxy is killed in a switchover")) {
            seen.strike();
            Thread killer =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        awaitSwitching(cluster);
                                        Signals.kill(
                                                List.of(cluster.crew().pid(FaultCluster.PROXY)));
                                    });
            ClusterView.Printed printed = cluster.moha("switchover", "--to=" + fresh);
            killer.join();

            assertThat(printed.exit()).as(printed.toString()).isZero();
            assertThat(cluster.primary()).isEqualTo(fresh);
            seen.verifyApartFromErrors();
        }
    }

    @Test
    @Tag("slow")
    void aReplicaThatMissedPurgedLogsIsRebuilt(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String late = FaultCluster.others(primary).getLast();
        try (Witnesses seen = Witnesses.of(cluster, "57 the primary purged what a replica needs")) {
            seen.strike();
            cluster.node(late).crash();
            seen.writesGoOn(Duration.ofSeconds(5), NO_CHANGE);
            on(primary, cluster, "FLUSH BINARY LOGS");
            purge(cluster, primary);
            cluster.node(late).release();

            seen.writesGoOn(Duration.ofSeconds(5), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    private static void awaitSwitching(FaultCluster cluster) {
        Await.until(
                "a switchover is under way",
                Witnesses.BOUND,
                () -> cluster.view().status().path("state").asText().equals("SWITCHING"));
    }

    private static void purge(FaultCluster cluster, String node) throws SQLException {
        try (Connection connection = cluster.root(node);
                Statement statement = connection.createStatement()) {
            String last = "";
            try (ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
                while (row.next()) {
                    last = row.getString(1);
                }
            }
            statement.execute("PURGE BINARY LOGS TO '" + last + "'");
        }
    }

    /** Takes all connections of {@code node} but those that are in use. */
    private static void crowd(FaultCluster cluster, String node, List<Connection> crowd) {
        var app = cluster.accounts().app();
        try {
            while (true) {
                crowd.add(
                        DriverManager.getConnection(
                                "jdbc:mysql://"
                                        + cluster.direct(node)
                                        + "/app?sslMode=REQUIRED&connectTimeout=5000",
                                app.user(),
                                app.password()));
            }
        } catch (SQLException full) {
            assertThat(full.getErrorCode()).as(full.getMessage()).isEqualTo(1040);
        }
    }

    private static void killConnectionsOf(String user, String node, FaultCluster cluster)
            throws SQLException {
        try (Connection connection = cluster.root(node);
                Statement statement = connection.createStatement()) {
            List<Long> ids = new ArrayList<>();
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT PROCESSLIST_ID FROM performance_schema.threads"
                                    + " WHERE NAME = 'thread/sql/one_connection'"
                                    + " AND PROCESSLIST_USER = '"
                                    + user
                                    + "'")) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            for (long id : ids) {
                try {
                    statement.execute("KILL " + id);
                } catch (SQLException gone) {
                    assertThat(gone.getErrorCode()).isEqualTo(1094);
                }
            }
        }
    }

    private static boolean promotable(FaultCluster cluster, String node) throws Exception {
        for (var one : cluster.view().status().path("nodes")) {
            if (one.path("id").asText().equals(node)) {
                return one.path("promotable").asBoolean();
            }
        }
        return false;
    }

    private static @org.jspecify.annotations.Nullable String value(
            String node, FaultCluster cluster, String query) throws SQLException {
        try (Connection connection = cluster.root(node);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static void on(String node, FaultCluster cluster, String... statements)
            throws SQLException {
        try (Connection connection = cluster.root(node);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
