package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether all nodes have become the same again. */
final class Convergence {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private Convergence() {}

    /** Fails unless, without load, all nodes come to the same GTID set and the same rows. */
    static void assertReached(FaultCluster cluster) throws SQLException {
        Await.costlyValue(
                "the same GTID set on all nodes",
                BOUND,
                () -> new TreeSet<>(sets(cluster).values()).size() == 1 ? Boolean.TRUE : null);
        Map<String, String> first = checksums(cluster, FaultCluster.NODES.getFirst());
        assertThat(first).isNotEmpty();
        for (String node : FaultCluster.NODES) {
            assertThat(checksums(cluster, node)).as(node).isEqualTo(first);
        }
    }

    /** Waits until {@code node} has applied what {@code primary} has committed by now. */
    static void awaitCaughtUp(FaultCluster cluster, String node, String primary, Duration bound)
            throws SQLException {
        String wanted = executed(cluster, primary);
        Await.costlyValue(
                node + " has caught up",
                bound,
                () -> {
                    try (Connection connection = cluster.root(node);
                            PreparedStatement missing =
                                    connection.prepareStatement(
                                            "SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed)")) {
                        missing.setString(1, wanted);
                        ResultSet row = missing.executeQuery();
                        row.next();
                        return row.getBoolean(1) ? Boolean.TRUE : null;
                    }
                });
    }

    private static String executed(FaultCluster cluster, String node) throws SQLException {
        try (Connection connection = cluster.root(node);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@GLOBAL.gtid_executed")) {
            row.next();
            return row.getString(1);
        }
    }

    private static Map<String, String> sets(FaultCluster cluster) throws SQLException {
        Map<String, String> sets = new TreeMap<>();
        for (String node : FaultCluster.NODES) {
            sets.put(node, executed(cluster, node));
        }
        return sets;
    }

    private static Map<String, String> checksums(FaultCluster cluster, String node)
            throws SQLException {
        Map<String, String> sums = new TreeMap<>();
        try (Connection connection = cluster.root(node);
                Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME)"
                                    + " FROM information_schema.TABLES"
                                    + " WHERE TABLE_TYPE = 'BASE TABLE' AND (TABLE_SCHEMA = 'app'"
                                    + " OR (TABLE_SCHEMA, TABLE_NAME) = ('moha', 'heartbeat'))")) {
                while (row.next()) {
                    sums.put(row.getString(1), "");
                }
            }
            for (Map.Entry<String, String> table : sums.entrySet()) {
                try (ResultSet row = statement.executeQuery("CHECKSUM TABLE " + table.getKey())) {
                    row.next();
                    table.setValue(String.valueOf(row.getString(2)));
                }
            }
        }
        return sums;
    }
}
