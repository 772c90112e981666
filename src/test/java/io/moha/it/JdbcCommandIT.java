package io.moha.it;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.JdbcStatement;
import io.moha.it.fixture.Servers;
import io.moha.it.fixture.WithServers;
import io.moha.it.raw.Transcripts;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What applications do through JDBC drivers, with the drivers' options that change what goes over
 * the wire: the same result through the proxy as at the server.
 */
@ExtendWith(WithServers.class)
class JdbcCommandIT {

    private static final List<String> URLS =
            List.of(
                    "jdbc:mysql://%s/app?allowPublicKeyRetrieval=true&sslMode=DISABLED",
                    "jdbc:mysql://%s/app?sslMode=REQUIRED&useServerPrepStmts=true"
                            + "&useCursorFetch=true&allowMultiQueries=true",
                    "jdbc:mysql://%s/app?sslMode=REQUIRED&useServerPrepStmts=true"
                            + "&rewriteBatchedStatements=true&trackSessionState=true"
                            + "&allowLoadLocalInfile=true&cachePrepStmts=true",
                    "jdbc:mariadb://%s/app?sslMode=trust&useServerPrepStmts=true"
                            + "&allowLocalInfile=true&useBulkStmts=true",
                    "jdbc:mariadb://%s/app?sslMode=disable&allowPublicKeyRetrieval=true"
                            + "&allowMultiQueries=true&rewriteBatchedStatements=true");

    /** What an application does; adds to {@code seen} what it saw. */
    @FunctionalInterface
    interface Work {
        void on(Connection connection, List<String> seen) throws SQLException;
    }

    /**
     * A piece of work with a name.
     *
     * @param name for people
     * @param work to do
     */
    record Named(String name, Work work) {}

    @BeforeAll
    static void makeAccount(Servers servers) {
        servers.mysqld()
                .execute(
                        "CREATE USER IF NOT EXISTS jdbc@'%' IDENTIFIED WITH"
                                + " caching_sha2_password BY 'jdbc-secret';"
                                + "GRANT ALL ON *.* TO jdbc@'%';"
                                + "CREATE USER IF NOT EXISTS other@'%' IDENTIFIED WITH"
                                + " caching_sha2_password BY 'other-secret';"
                                + "GRANT SELECT ON app.* TO other@'%';"
                                + "DROP PROCEDURE IF EXISTS app.doubled;"
                                + "CREATE PROCEDURE app.doubled(IN a INT, OUT b INT)"
                                + " BEGIN SELECT a; SET b = a * 2; SELECT 'second'; END");
    }

    @TestFactory
    Stream<DynamicTest> applicationsSeeTheSame(Servers servers) {
        return URLS.stream()
                .flatMap(
                        url ->
                                all().stream()
                                        .map(
                                                named ->
                                                        DynamicTest.dynamicTest(
                                                                named.name() + ": " + url,
                                                                () ->
                                                                        compare(
                                                                                servers,
                                                                                url,
                                                                                named.work()))));
    }

    private static List<Named> all() {
        return List.of(
                new Named("batches and keys", JdbcCommandIT::batches),
                new Named("large results row by row", JdbcCommandIT::cursor),
                new Named("a closed cursor", JdbcCommandIT::abandonedCursor),
                new Named("procedures", JdbcCommandIT::procedure),
                new Named("streams", JdbcCommandIT::streams),
                new Named("transactions and savepoints", JdbcCommandIT::transactions),
                new Named("errors and warnings", JdbcCommandIT::errors),
                new Named("session", JdbcCommandIT::session),
                new Named("reset and change of user", JdbcCommandIT::resetAndChangeUser),
                new Named("query attributes", JdbcCommandIT::attributes),
                new Named("a query that takes too long", JdbcCommandIT::timeout));
    }

    private static void compare(Servers servers, String url, Work work) throws SQLException {
        List<String> expected = done(servers.direct(), url, work);

        List<String> actual = done(servers.proxied(), url, work);

        Transcripts.assertSame(actual, expected);
    }

    private static List<String> done(InetSocketAddress address, String url, Work work)
            throws SQLException {
        List<String> seen = new ArrayList<>();
        String target = url.formatted("127.0.0.1:" + address.getPort()) + "&socketTimeout=20000";
        try (Connection connection = DriverManager.getConnection(target, "jdbc", "jdbc-secret")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS j");
                statement.execute(
                        "CREATE TABLE j (id INT PRIMARY KEY AUTO_INCREMENT, v LONGTEXT,"
                                + " b LONGBLOB)");
            }
            work.on(connection, seen);
        }
        return seen;
    }

    private static void batches(Connection connection, List<String> seen) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO j (v) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 0; i < 300; i++) {
                insert.setString(1, "row " + i);
                insert.addBatch();
            }
            seen.add(Integer.toString(insert.executeBatch().length));
            try (ResultSet keys = insert.getGeneratedKeys()) {
                rows(keys, seen);
            }
        }
        query(connection, "SELECT COUNT(*), MIN(v), MAX(v) FROM j", seen);
    }

    private static void cursor(Connection connection, List<String> seen) throws SQLException {
        batches(connection, seen);
        for (int fetchSize : new int[] {1, 7, 100, 1_000}) {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, v FROM j WHERE id > ? ORDER BY id")) {
                select.setFetchSize(fetchSize);
                select.setInt(1, 10);
                try (ResultSet all = select.executeQuery()) {
                    rows(all, seen);
                }
            }
        }
    }

    private static void abandonedCursor(Connection connection, List<String> seen)
            throws SQLException {
        batches(connection, seen);
        for (int i = 0; i < 5; i++) {
            try (PreparedStatement select = connection.prepareStatement("SELECT id, v FROM j")) {
                select.setFetchSize(10);
                try (ResultSet some = select.executeQuery()) {
                    seen.add(Boolean.toString(some.next()));
                }
            }
            query(connection, "SELECT 'between'", seen);
        }
    }

    private static void procedure(Connection connection, List<String> seen) throws SQLException {
        try (CallableStatement call = connection.prepareCall("{CALL doubled(?, ?)}")) {
            for (int i = 1; i < 4; i++) {
                call.setInt(1, i);
                call.registerOutParameter(2, Types.INTEGER);
                boolean more = call.execute();
                while (more) {
                    try (ResultSet result = call.getResultSet()) {
                        rows(result, seen);
                    }
                    more = call.getMoreResults();
                }
                seen.add("out " + call.getInt(2));
            }
        }
    }

    private static void streams(Connection connection, List<String> seen) throws SQLException {
        byte[] data = "0123456789".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO j (b) VALUES (?)")) {
            insert.setBinaryStream(1, new ByteArrayInputStream(data), data.length);
            seen.add(Integer.toString(insert.executeUpdate()));
        }
        query(connection, "SELECT LENGTH(b), SHA2(b, 256) FROM j", seen);
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT b FROM j")) {
            row.next();
            seen.add(Boolean.toString(java.util.Arrays.equals(data, row.getBytes(1))));
        }
    }

    private static void transactions(Connection connection, List<String> seen) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
        execute(connection, "INSERT INTO j (v) VALUES ('kept')");
        java.sql.Savepoint savepoint = connection.setSavepoint();
        execute(connection, "INSERT INTO j (v) VALUES ('dropped')");
        connection.rollback(savepoint);
        connection.commit();
        execute(connection, "INSERT INTO j (v) VALUES ('dropped too')");
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setReadOnly(true);
        query(connection, "SELECT v, @@transaction_isolation, @@autocommit FROM j", seen);
        connection.setReadOnly(false);
        seen.add(Boolean.toString(connection.isValid(5)));
    }

    private static void errors(Connection connection, List<String> seen) throws SQLException {
        for (String sql :
                List.of(
                        "SELECT nosuch",
                        "INSERT INTO j (id) VALUES (1), (1)",
                        "SELECT 1; SELECT 2",
                        "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 5001, MESSAGE_TEXT = 'own'",
                        "SELECT 1 / 0")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                seen.add(sql + ": " + statement.getWarnings());
            } catch (SQLException e) {
                seen.add(e.getErrorCode() + " " + e.getSQLState() + " " + plain(e));
            }
        }
    }

    /** MariaDB's driver puts the connection's number before each message. */
    private static String plain(SQLException e) {
        return String.valueOf(e.getMessage()).replaceAll("^\\(conn=-?\\d+\\) ", "");
    }

    private static void session(Connection connection, List<String> seen) throws SQLException {
        seen.add(connection.getMetaData().getDatabaseProductVersion());
        connection.setCatalog("mysql");
        seen.add(connection.getCatalog());
        query(connection, "SELECT DATABASE()", seen);
        connection.setCatalog("app");
        for (String sql :
                List.of(
                        "SELECT @@session.sql_mode, @@session.time_zone",
                        "SELECT @@character_set_client, @@character_set_results",
                        "SELECT @@collation_connection, @@session.wait_timeout",
                        "SHOW VARIABLES LIKE 'session_track_schema'")) {
            query(connection, sql, seen);
        }
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, "j", null)) {
            rows(columns, seen);
        }
    }

    private static void resetAndChangeUser(Connection connection, List<String> seen)
            throws SQLException {
        execute(connection, "SET @a = 5, @@sql_mode = 'ANSI'");
        query(connection, "SELECT @a, @@sql_mode", seen);
        if (!connection.isWrapperFor(JdbcConnection.class)) {
            connection.abort(Runnable::run);
            return;
        }
        JdbcConnection mysql = connection.unwrap(JdbcConnection.class);
        mysql.resetServerState();
        query(connection, "SELECT @a, CURRENT_USER(), DATABASE()", seen);
        mysql.changeUser("other", "other-secret");
        query(connection, "SELECT @a, CURRENT_USER(), DATABASE()", seen);
        mysql.changeUser("jdbc", "jdbc-secret");
        query(connection, "SELECT @a, CURRENT_USER(), DATABASE()", seen);
        try {
            mysql.changeUser("other", "wrong");
            seen.add("changed");
        } catch (SQLException e) {
            seen.add(e.getErrorCode() + " " + e.getSQLState() + " " + e.getMessage());
        }
        try {
            query(connection, "SELECT 1", seen);
        } catch (SQLException e) {
            seen.add("then " + e.getSQLState());
        }
    }

    private static void attributes(Connection connection, List<String> seen) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (statement.isWrapperFor(JdbcStatement.class)) {
                statement.unwrap(JdbcStatement.class).setAttribute("tenant", "blue");
            }
            try (ResultSet row = statement.executeQuery("SELECT 'with attribute'")) {
                rows(row, seen);
            }
        }
    }

    private static void timeout(Connection connection, List<String> seen) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            statement.executeQuery(
                    "SELECT COUNT(*) FROM information_schema.columns a,"
                            + " information_schema.columns b, information_schema.columns c");
            seen.add("it took no time");
        } catch (SQLException e) {
            seen.add(e.getErrorCode() + " " + e.getSQLState() + " " + e.getClass().getName());
        }
        query(connection, "SELECT 'after'", seen);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void query(Connection connection, String sql, List<String> seen)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            rows(result, seen);
        }
    }

    private static void rows(ResultSet result, List<String> seen) throws SQLException {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
                row.append(result.getString(i)).append(' ');
            }
            seen.add(row.toString());
        }
    }
}
