package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.ClusterView;
import io.moha.it.fixture.WithCluster;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What stands in the way of a switchover is listed with its connection before anything is done, and
 * the switchover is refused with it, unless it may be killed.
 */
@ExtendWith(WithCluster.class)
class SwitchoverPreflightIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** What a client can do that stands in the way. */
    enum Obstacle {
        OPEN_TRANSACTION(
                "has had a transaction open for",
                "START TRANSACTION; INSERT INTO app.way VALUES (1)",
                "",
                "ROLLBACK"),
        STATEMENT("has been writing", "", "INSERT INTO app.way SELECT 100 + SLEEP(600)", ""),
        DEFINITION(
                "changes a definition (DDL)",
                "",
                "CREATE TABLE app.slow AS SELECT SLEEP(600) AS slept",
                ""),
        READ_LOCK("holds the global read lock", "FLUSH TABLES WITH READ LOCK", "", "UNLOCK TABLES"),
        BACKUP(
                "keeps the instance locked for a backup",
                "LOCK INSTANCE FOR BACKUP",
                "",
                "UNLOCK INSTANCE");

        private final String words;
        private final String before;
        private final String running;
        private final String after;

        Obstacle(String words, String before, String running, String after) {
            this.words = words;
            this.before = before;
            this.running = running;
            this.after = after;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAClientDoesIsListedAndTheSwitchoverRefused(Obstacle obstacle, Cluster cluster)
            throws Exception {
        String primary = cluster.primary().orElseThrow();
        prepare(cluster, primary);
        try (Connection client = root(cluster, primary);
                Statement statement = client.createStatement()) {
            long id = id(statement);
            executeAll(statement, obstacle.before);
            CompletableFuture<Boolean> running =
                    obstacle.running.isEmpty()
                            ? CompletableFuture.completedFuture(true)
                            : CompletableFuture.supplyAsync(
                                    () -> isExecuted(statement, obstacle.running));
            String words = "connection " + id + " of root@";

            Await.costlyValue(
                    "it is listed: " + obstacle.words,
                    BOUND,
                    () -> {
                        ClusterView.Printed asked = cluster.moha("switchover", "--dry-run");
                        boolean listed =
                                asked.exit() == 1
                                        && asked.err().contains(words)
                                        && asked.err().contains(obstacle.words);
                        return listed ? Boolean.TRUE : null;
                    });
            ClusterView.Printed refused = cluster.moha("switchover");

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains(words).contains(obstacle.words);
            assertThat(refused.err().lines()).hasSize(1);
            assertThat(cluster.primary()).contains(primary);
            if (!running.isDone()) {
                execute(cluster, primary, "KILL CONNECTION " + id);
                assertThat(running.get()).isFalse();
            }
            executeAll(statement, obstacle.after);
        }
    }

    @Test
    void aPreparedXaTransactionIsListedEvenWithoutItsConnection(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        prepare(cluster, primary);
        try (Connection client = root(cluster, primary);
                Statement statement = client.createStatement()) {
            statement.execute("XA START 'left'");
            statement.execute("INSERT INTO app.way VALUES (7)");
            statement.execute("XA END 'left'");
            statement.execute("XA PREPARE 'left'");
        }
        try {
            ClusterView.Printed refused = cluster.moha("switchover", "--kill-blockers");

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("XA transaction is prepared and not decided");
            assertThat(cluster.primary()).contains(primary);
        } finally {
            execute(cluster, primary, "XA ROLLBACK 'left'");
        }
        assertThat(cluster.moha("switchover", "--dry-run").exit()).isZero();
    }

    @Test
    void aPausedClusterIsNotSwitched(Cluster cluster) throws Exception {
        assertThat(cluster.moha("pause").exit()).isZero();
        try {
            for (String option : List.of("--dry-run", "--timeout=5s")) {
                ClusterView.Printed refused = cluster.moha("switchover", option);

                assertThat(refused.exit()).isEqualTo(1);
                assertThat(refused.err()).contains("the cluster is paused");
            }
        } finally {
            assertThat(cluster.moha("resume").exit()).isZero();
        }
    }

    @Test
    void whatStandsInTheWayIsKilledWhenThatIsAskedFor(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        prepare(cluster, primary);
        try (Connection locking = root(cluster, primary);
                Statement lock = locking.createStatement()) {
            lock.execute("LOCK INSTANCE FOR BACKUP");
            assertThat(cluster.moha("switchover").exit()).isEqualTo(1);

            ClusterView.Printed done = cluster.moha("switchover", "--kill-blockers");

            assertThat(done.exit()).as(done.toString()).isZero();
            assertThat(cluster.primary()).isNotEmpty().get().isNotEqualTo(primary);
            assertThat(isExecuted(lock, "SELECT 1")).isFalse();
        }
    }

    private static void prepare(Cluster cluster, String primary) throws SQLException {
        execute(cluster, primary, "DROP TABLE IF EXISTS app.way, app.slow");
        execute(cluster, primary, "CREATE TABLE app.way (id INT)");
        execute(cluster, primary, "INSERT INTO app.way VALUES (1), (2)");
    }

    private static void execute(Cluster cluster, String node, String sql) throws SQLException {
        try (Connection connection = root(cluster, node);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void executeAll(Statement statement, String separated) throws SQLException {
        for (String sql : separated.split(";", -1)) {
            if (!sql.isBlank()) {
                statement.execute(sql.strip());
            }
        }
    }

    private static boolean isExecuted(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static long id(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Connection root(Cluster cluster, String node) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://" + cluster.node(node).mysql() + "/?allowPublicKeyRetrieval=true",
                cluster.file().accounts().root().user(),
                cluster.file().accounts().root().password());
    }
}
