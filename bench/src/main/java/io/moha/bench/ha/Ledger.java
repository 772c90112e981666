package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table that writers fill, read back through the write port. */
final class Ledger {

    private final DemoCluster cluster;

    /** The ledger of {@code cluster}. */
    Ledger(DemoCluster cluster) {
        this.cluster = cluster;
    }

    /** Makes the table and gives the number of the next run. */
    long prepare() {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS app.bench_writes (run BIGINT NOT NULL,"
                            + " writer INT NOT NULL, n INT NOT NULL, filler VARCHAR(100) NOT NULL,"
                            + " PRIMARY KEY (run, writer, n))");
            try (ResultSet result =
                    statement.executeQuery(
                            "SELECT COALESCE(MAX(run), 0) + 1 FROM app.bench_writes")) {
                result.next();
                return result.getLong(1);
            }
        } catch (SQLException e) {
            throw new BenchException("cannot prepare the table: " + e.getMessage(), e);
        }
    }

    /** How many writes of {@code run} were acknowledged and are not there. */
    long lost(long run, List<WriterRecord> records) {
        Map<Integer, BitSet> present = present(run);
        long lost = 0;
        for (WriterRecord record : records) {
            BitSet missing = record.acknowledgedNumbers();
            missing.andNot(present.getOrDefault(record.writer(), new BitSet()));
            lost += missing.cardinality();
        }
        return lost;
    }

    private Map<Integer, BitSet> present(long run) {
        Map<Integer, BitSet> present = new HashMap<>();
        try (Connection connection = cluster.connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT writer, n FROM app.bench_writes WHERE run = ?")) {
            statement.setLong(1, run);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    present.computeIfAbsent(rows.getInt(1), writer -> new BitSet())
                            .set(rows.getInt(2));
                }
            }
        } catch (SQLException e) {
            throw new BenchException("cannot read the writes back: " + e.getMessage(), e);
        }
        return present;
    }
}
