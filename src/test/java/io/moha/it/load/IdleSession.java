package io.moha.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Application;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A session with state of its own that does nothing while something happens to the cluster, and
 * must be the same afterwards: same connection, schema, variables, prepared statement.
 */
public final class IdleSession implements AutoCloseable {

    private static final String STATE =
            "SELECT DATABASE(), @@sql_mode, @@time_zone, @@max_execution_time,"
                    + " @@collation_connection, @@autocommit, @@transaction_isolation";

    private final Connection connection;
    private final PreparedStatement prepared;
    private final String before;

    private IdleSession(Connection connection, PreparedStatement prepared, String before) {
        this.connection = connection;
        this.prepared = prepared;
        this.before = before;
    }

    /** Opens one through the proxy, over the driver of {@code scheme}. */
    public static IdleSession open(Application cluster, String scheme) throws SQLException {
        Connection connection = cluster.rw(scheme, "&useServerPrepStmts=true");
        try (Statement statement = connection.createStatement()) {
            statement.execute("USE performance_schema");
            statement.execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
            statement.execute("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'");
            statement.execute("SET SESSION time_zone = '+05:30', max_execution_time = 54321");
            statement.execute("SET SESSION transaction_isolation = 'READ-COMMITTED'");
        }
        PreparedStatement prepared = connection.prepareStatement("SELECT CONCAT(?, '!')");
        IdleSession session = new IdleSession(connection, prepared, state(connection));
        assertThat(session.echo("before")).isEqualTo("before!");
        return session;
    }

    /** Fails unless everything is as before. */
    public void assertUnchanged() throws SQLException {
        assertThat(echo("after")).isEqualTo("after!");
        assertThat(state(connection)).isEqualTo(before);
    }

    private String echo(String word) throws SQLException {
        prepared.setString(1, word);
        try (ResultSet row = prepared.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private static String state(Connection connection) throws SQLException {
        StringBuilder state = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                state.append(row.getString(i)).append('|');
            }
        }
        return state.toString();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
