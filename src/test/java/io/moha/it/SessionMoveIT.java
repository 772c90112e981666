package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.exceptions.MySQLQueryInterruptedException;
import com.mysql.cj.jdbc.exceptions.MySQLStatementCancelledException;
import io.moha.demo.DemoFile;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a session takes along to another primary, and how one that waits can be interrupted. */
@ExtendWith(WithCluster.class)
class SessionMoveIT {

    private static final Duration BOUND = Duration.ofSeconds(30);

    @Test
    void aTransactionInWhichNothingWasDoneSurvivesASwitchover(Cluster cluster) throws Exception {
        String first = cluster.primary().orElseThrow();
        String second =
                cluster.nodes().stream().filter(id -> !id.equals(first)).findFirst().orElseThrow();
        try (Connection connection = cluster.rw("mysql", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS moved (id INT PRIMARY KEY)");
            statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            statement.execute("START TRANSACTION");

            ClusterView.Printed printed = cluster.moha("switchover", "--to=" + second);
            assertThat(printed.exit()).as(printed.out() + printed.err()).isZero();

            statement.execute("REPLACE INTO moved VALUES (1)");
            statement.execute("ROLLBACK");
            assertThat(count(statement)).isZero();
            statement.execute("START TRANSACTION");
            statement.execute("REPLACE INTO moved VALUES (2)");
            statement.execute("COMMIT");
            assertThat(count(statement)).isEqualTo(1);
        }
    }

    private static int count(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM moved")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void aStatementThatWaitsCanBeCancelled(Cluster cluster) throws Exception {
        try (Connection connection = cluster.rw("mysql", "");
                Statement statement = connection.createStatement()) {
            admin(cluster, "HOLD WRITES");
            try {
                CompletableFuture<Void> held =
                        CompletableFuture.runAsync(() -> execute(statement, "DO 1"));
                Await.until("it waits", BOUND, () -> isHolding(cluster));

                statement.cancel();

                assertThatThrownBy(() -> held.get(BOUND.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .rootCause()
                        // Which one depends on whether the error overtakes the driver's own note.
                        .isInstanceOfAny(
                                MySQLStatementCancelledException.class,
                                MySQLQueryInterruptedException.class);
            } finally {
                admin(cluster, "RELEASE WRITES");
            }
            statement.execute("DO 2");
        }
    }

    private static void execute(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isHolding(Cluster cluster) throws SQLException {
        return admin(cluster, "SHOW SESSIONS").toString().contains("holding");
    }

    /** The connection that cancels may come to the other replica. */
    @Test
    void aStatementOnAReplicaCanBeCancelled(Cluster cluster) throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Connection connection = cluster.app("mysql", cluster.proxy().ro(), "");
                    Statement statement = connection.createStatement()) {
                CompletableFuture<Void> running =
                        CompletableFuture.runAsync(() -> execute(statement, "SELECT SLEEP(600)"));
                Await.until(
                        "it runs",
                        BOUND,
                        () -> admin(cluster, "SHOW SESSIONS").toString().contains("busy"));

                statement.cancel();

                // A SLEEP that is killed is no error.
                running.get(BOUND.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aSwitchoverCanBeRehearsedAndSettingsAreNotSilentlyKept(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();

        assertThat(admin(cluster, "SWITCHOVER DRY RUN").toString())
                .contains("from, " + primary)
                .contains("sessions that move");
        assertThatThrownBy(() -> admin(cluster, "SWITCHOVER TO '" + primary + "' DRY RUN"))
                .hasMessageContaining("is the primary already");
        assertThatThrownBy(() -> admin(cluster, "SET hold.maxWait = '1s'"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1238));
        assertThat(cluster.primary()).contains(primary);
    }

    private static List<List<String>> admin(Cluster cluster, String sql) throws SQLException {
        DemoFile.Account account = cluster.file().accounts().admin();
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:mysql://" + cluster.proxy().admin() + "/",
                                account.user(),
                                account.password());
                Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        List<String> row = new ArrayList<>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.add(String.valueOf(result.getString(i)));
                        }
                        rows.add(row);
                    }
                }
            }
        }
        return rows;
    }
}
