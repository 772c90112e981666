package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Random;

/** Gives a cluster an amount of data that takes time to copy. */
final class Filler {

    private static final int ROW_BYTES = 1024;
    private static final int ROWS_AT_ONCE = 1000;
    private static final long SEED = 1;

    private Filler() {}

    /** Fills {@code cluster} through its write port up to {@code gibibytes}. */
    static void fill(DemoCluster cluster, double gibibytes) {
        long wanted = (long) (gibibytes * (1 << 30) / ROW_BYTES);
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS app.bench_fill"
                            + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, filler VARBINARY("
                            + ROW_BYTES
                            + ") NOT NULL)");
            long present = count(statement);
            insert(connection, wanted - present);
        } catch (SQLException e) {
            throw new BenchException("cannot fill the cluster: " + e.getMessage(), e);
        }
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM app.bench_fill")) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void insert(Connection connection, long rows) throws SQLException {
        // Bytes that do not compress, the same in every run.
        Random random = new Random(SEED);
        byte[] filler = new byte[ROW_BYTES];
        String values = String.join(",", Collections.nCopies(ROWS_AT_ONCE, "(?)"));
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO app.bench_fill (filler) VALUES " + values)) {
            for (long done = 0; done < rows; done += ROWS_AT_ONCE) {
                for (int i = 1; i <= ROWS_AT_ONCE; i++) {
                    random.nextBytes(filler);
                    insert.setBytes(i, filler.clone());
                }
                insert.executeUpdate();
            }
        }
    }
}
