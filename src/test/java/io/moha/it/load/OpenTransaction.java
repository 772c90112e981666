package io.moha.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Application;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A session that has a transaction open while its server dies. It must be told so by an error after
 * which applications begin the transaction again, and can do that on the same connection.
 */
public final class OpenTransaction implements AutoCloseable {

    private static final int DEADLOCK = 1213;

    private final Connection connection;

    private OpenTransaction(Connection connection) {
        this.connection = connection;
    }

    /** Opens one with one row written and not committed. */
    public static OpenTransaction open(Application cluster) throws SQLException {
        Connection connection = cluster.rw("mysql", "");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS open_rows (id INT PRIMARY KEY)");
            statement.execute("DELETE FROM open_rows");
        }
        connection.setAutoCommit(false);
        OpenTransaction open = new OpenTransaction(connection);
        open.insert(1);
        return open;
    }

    /** Fails unless the transaction is gone, the application is told so, and can go on. */
    public void assertRolledBackAndUsable() throws SQLException {
        try {
            insert(2);
            throw new AssertionError("the transaction went on although its server is dead");
        } catch (SQLException e) {
            assertThat(e.getErrorCode()).as(e.getMessage()).isEqualTo(DEADLOCK);
            assertThat(e.getSQLState()).isEqualTo("40001");
        }
        assertThat(connection.isValid(10)).isTrue();
        insert(3);
        connection.commit();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT GROUP_CONCAT(id) FROM open_rows")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("3");
        }
        connection.commit();
    }

    private void insert(int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO open_rows VALUES (" + id + ")");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
