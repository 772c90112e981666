package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.ClusterView;
import io.moha.it.fixture.WithCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes that cannot just follow become copies of the primary; what only they had is kept. */
@ExtendWith(WithCluster.class)
class RejoinIT {

    private static final Duration BOUND = Duration.ofMinutes(3);

    private static final String COPYING =
            "SELECT COUNT(*) FROM performance_schema.clone_progress"
                    + " WHERE STAGE = 'FILE COPY' AND STATE = 'In Progress'";

    private static final String TABLES =
            "SELECT COUNT(*) FROM information_schema.tables WHERE TABLE_SCHEMA = 'app'";

    @Test
    void whatWasWrittenToAReplicaIsKeptInAFileAndTheReplicaCopied(Cluster cluster)
            throws Exception {
        String primary = cluster.primary().orElseThrow();
        String stray = other(cluster, primary);
        fill(cluster, primary);
        awaitSame(cluster, primary, stray);
        long mysqld = cluster.mysqld(stray);

        execute(
                cluster,
                stray,
                "SET GLOBAL super_read_only=OFF",
                "INSERT INTO app.back VALUES (4711, 'only here')",
                "SET GLOBAL super_read_only=ON");

        Await.costlyValue(
                "the diverged server is replaced",
                BOUND,
                () -> cluster.mysqld(stray) == mysqld ? null : Boolean.TRUE);
        cluster.awaitWell();
        awaitSame(cluster, primary, stray);
        assertThat(kept(cluster, stray)).contains("perhaps acknowledged").contains("only here");
    }

    @Test
    void aReplicaThatLacksWhatWasPurgedIsCopied(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String late = other(cluster, primary);
        fill(cluster, primary);
        long mysqld = cluster.mysqld(late);
        assertThat(cluster.moha("pause").exit()).isZero();
        try {
            execute(cluster, late, "STOP REPLICA");
            execute(
                    cluster,
                    primary,
                    "INSERT INTO app.back VALUES (100, 'missed')",
                    "FLUSH BINARY LOGS",
                    "INSERT INTO app.back VALUES (101, 'missed')",
                    "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 HOUR");
        } finally {
            assertThat(cluster.moha("resume").exit()).isZero();
        }

        Await.costlyValue(
                "the server is replaced",
                BOUND,
                () -> cluster.mysqld(late) == mysqld ? null : Boolean.TRUE);
        cluster.awaitWell();
        awaitSame(cluster, primary, late);
    }

    @Test
    void aNodeIsCopiedWhenThatIsAskedFor(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String node = other(cluster, primary);
        fill(cluster, primary);
        long mysqld = cluster.mysqld(node);
        String uuid = one(cluster, node, "SELECT @@server_uuid");

        ClusterView.Printed refused = cluster.moha("rejoin", primary, "--clone");
        ClusterView.Printed done = cluster.moha("rejoin", node, "--clone", "--timeout=3m");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is the primary");
        assertThat(done.exit()).as(done.toString()).isZero();
        assertThat(done.out()).contains(node + " is back");
        assertThat(cluster.mysqld(node)).isNotEqualTo(mysqld);
        // What it wrote under the old one and threw away may still be elsewhere.
        assertThat(one(cluster, node, "SELECT @@server_uuid")).isNotEqualTo(uuid);
        cluster.awaitWell();
        awaitSame(cluster, primary, node);
        ClusterView.Printed again = cluster.moha("rejoin", node);
        assertThat(again.out()).contains(node + " is back: follows " + primary);
    }

    @Test
    void aCopyThatIsRefusedChangesNothing(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String node = other(cluster, primary);
        fill(cluster, primary);
        awaitSame(cluster, primary, node);
        long mysqld = cluster.mysqld(node);
        String uuid = one(cluster, node, "SELECT @@server_uuid");
        String replicator =
                one(
                        cluster,
                        primary,
                        "SELECT GRANTEE FROM information_schema.USER_PRIVILEGES"
                                + " WHERE PRIVILEGE_TYPE = 'BACKUP_ADMIN' AND GRANTEE LIKE '%repl%'");
        execute(cluster, primary, "REVOKE BACKUP_ADMIN ON *.* FROM " + replicator);
        ClusterView.Printed refused;
        try {
            refused = cluster.moha("rejoin", node, "--clone", "--timeout=1m");
        } finally {
            execute(cluster, primary, "GRANT BACKUP_ADMIN ON *.* TO " + replicator);
        }

        assertThat(refused.exit()).as(refused.toString()).isEqualTo(1);
        cluster.awaitWell();
        assertThat(cluster.mysqld(node)).isEqualTo(mysqld);
        assertThat(one(cluster, node, "SELECT @@server_uuid")).isEqualTo(uuid);
        awaitSame(cluster, primary, node);
    }

    @Test
    void aServerThatDiesWhileItBecomesACopyIsCopiedAgain(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String node = other(cluster, primary);
        fill(cluster, primary);
        awaitSame(cluster, primary, node);
        execute(
                cluster,
                primary,
                "CREATE TABLE IF NOT EXISTS app.large (what LONGTEXT)",
                "INSERT INTO app.large VALUES (REPEAT('x', 8388608))");
        // In MiB a second: what it had is gone, and the copy takes long.
        execute(cluster, node, "SET GLOBAL clone_max_data_bandwidth = 1");
        long mysqld = cluster.mysqld(node);

        CompletableFuture<ClusterView.Printed> done =
                CompletableFuture.supplyAsync(
                        () -> cluster.moha("rejoin", node, "--clone", "--timeout=3m"));
        Await.costlyValue(
                "what it had is dropped",
                BOUND,
                () ->
                        (one(cluster, node, COPYING) + one(cluster, node, TABLES)).equals("10")
                                ? Boolean.TRUE
                                : null);
        Cluster.kill(mysqld);

        assertThat(done.join().out()).contains(node + " is back");
        cluster.awaitWell();
        awaitSame(cluster, primary, node);
        assertThat(one(cluster, node, "SELECT STATE FROM performance_schema.clone_status"))
                .isEqualTo("Completed");
        // It may lead again.
        assertThat(cluster.moha("switchover", "--to=" + node).exit()).isZero();
        cluster.awaitWell();
    }

    private static String other(Cluster cluster, String primary) {
        return cluster.nodes().stream().filter(id -> !id.equals(primary)).findFirst().orElseThrow();
    }

    private static void fill(Cluster cluster, String primary) throws SQLException {
        execute(
                cluster,
                primary,
                "DROP TABLE IF EXISTS app.back",
                "CREATE TABLE app.back (id INT PRIMARY KEY, what VARCHAR(100))",
                "INSERT INTO app.back VALUES (1, 'everywhere'), (2, 'everywhere')");
    }

    /** Waits until both have the same transactions, and compares the table. */
    private static void awaitSame(Cluster cluster, String primary, String node)
            throws SQLException {
        String executed = one(cluster, primary, "SELECT @@GLOBAL.gtid_executed");
        assertThat(one(cluster, node, "SELECT WAIT_FOR_EXECUTED_GTID_SET('" + executed + "', 60)"))
                .isEqualTo("0");
        assertThat(
                        one(
                                cluster,
                                node,
                                "SELECT GTID_SUBTRACT(@@GLOBAL.gtid_executed, '"
                                        + one(cluster, primary, "SELECT @@GLOBAL.gtid_executed")
                                        + "')"))
                .isEmpty();
        for (String table : List.of("app.back", "moha.heartbeat")) {
            String sum = "CHECKSUM TABLE " + table + " EXTENDED";
            assertThat(row(cluster, node, sum)).isEqualTo(row(cluster, primary, sum));
        }
    }

    /** The newest file that {@code node} kept. */
    private static String kept(Cluster cluster, String node) throws IOException {
        Path state = Path.of(cluster.node(node).config()).resolveSibling("state");
        try (Stream<Path> files = Files.list(state.resolve("divergence"))) {
            return Files.readString(
                    files.max(java.util.Comparator.comparing(file -> file.getFileName().toString()))
                            .orElseThrow());
        }
    }

    private static void execute(Cluster cluster, String node, String... statements)
            throws SQLException {
        try (Connection connection = root(cluster, node);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String one(Cluster cluster, String node, String sql) throws SQLException {
        return row(cluster, node, sql).getFirst().replaceAll("\\s", "");
    }

    private static List<String> row(Cluster cluster, String node, String sql) throws SQLException {
        try (Connection connection = root(cluster, node);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return Stream.iterate(1, i -> i + 1)
                    .limit(row.getMetaData().getColumnCount())
                    .map(
                            i -> {
                                try {
                                    return String.valueOf(row.getString(i));
                                } catch (SQLException e) {
                                    throw new AssertionError(e);
                                }
                            })
                    .toList();
        }
    }

    private static Connection root(Cluster cluster, String node) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://" + cluster.node(node).mysql() + "/?allowPublicKeyRetrieval=true",
                cluster.file().accounts().root().user(),
                cluster.file().accounts().root().password());
    }
}
