package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.JdbcConnection;
import io.moha.demo.DemoFile;
import io.moha.it.client.Programs;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.WithCluster;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The admin port, used with the stock command line and with Connector/J. */
@ExtendWith(WithCluster.class)
class AdminSqlIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @Test
    void nodesAreListedToConnectorJ(Cluster cluster) throws Exception {
        List<Map<String, String>> nodes = query(cluster, "SHOW NODES");

        assertThat(nodes).hasSize(3);
        assertThat(nodes)
                .extracting(row -> String.valueOf(row.get("role")).toLowerCase(Locale.ROOT))
                .containsExactlyInAnyOrder("primary", "replica", "replica");
    }

    @Test
    void sessionsAreListedWithTheirUser(Cluster cluster) throws Exception {
        try (Connection session = cluster.rw("mysql", "")) {
            assertThat(session.isValid(5)).isTrue();
            List<Map<String, String>> sessions = query(cluster, "SHOW SESSIONS");

            assertThat(sessions)
                    .anyMatch(row -> row.containsValue(cluster.file().accounts().app().user()));
        }
    }

    @Test
    void statusCanBeFiltered(Cluster cluster) throws Exception {
        List<Map<String, String>> all = query(cluster, "SHOW STATUS");
        List<Map<String, String>> some = query(cluster, "SHOW STATUS LIKE 'Moha%'");

        assertThat(some).isNotEmpty().hasSizeLessThan(all.size());
    }

    @Test
    void otherStatementsAreASyntaxError(Cluster cluster) throws Exception {
        try (Connection connection = connect(cluster, password(cluster));
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("DROP TABLE users"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1064));
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void killEndsWhatRunsOnTheServerToo(Cluster cluster) throws Exception {
        String runs =
                "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE INFO = 'DO SLEEP(61)'";
        try (Connection victim = cluster.rw("mysql", "");
                Connection watch = cluster.rw("mysql", "");
                Connection admin = connect(cluster, password(cluster));
                Statement statement = admin.createStatement()) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(() -> sleep(victim));
            Await.until("it runs", BOUND, () -> number(watch, runs) == 1);

            statement.execute("KILL " + victim.unwrap(JdbcConnection.class).getId());

            assertThat(running).failsWithin(BOUND);
            Await.until("it runs no more", BOUND, () -> number(watch, runs) == 0);
        }
    }

    private static void sleep(Connection session) {
        try (Statement statement = session.createStatement()) {
            statement.execute("DO SLEEP(61)");
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static int number(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void tlsMayBeginInTheSameSegmentAsTheRequestForIt(Cluster cluster) throws Exception {
        InetSocketAddress admin = Cluster.address(cluster.proxy().admin());
        try (Socket socket = new Socket(admin.getAddress(), admin.getPort())) {
            InputStream in = socket.getInputStream();
            byte[] header = in.readNBytes(4);
            in.readNBytes(header[0] & 0xff);

            // A stock client's request: 32 bytes with PROTOCOL_41, SSL and SECURE_CONNECTION.
            ByteBuffer first = ByteBuffer.allocate(64 * 1024);
            first.put(new byte[] {32, 0, 0, 1, 0, (byte) 0x8a, 0, 0}).put(new byte[28]);
            SSLEngine client = SSLContext.getDefault().createSSLEngine();
            client.setUseClientMode(true);
            client.wrap(ByteBuffer.allocate(0), first);
            socket.getOutputStream().write(first.array(), 0, first.position());

            assertThat(in.read()).as("the server's handshake record").isEqualTo(22);
        }
    }

    @Test
    void aWrongPasswordIsRefused(Cluster cluster) {
        assertThatThrownBy(() -> connect(cluster, "wrong").close())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(1045));
    }

    @Test
    void theCommandLineListsAndSwitchesOver(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String target =
                cluster.nodes().stream()
                        .filter(id -> !id.equals(primary))
                        .findFirst()
                        .orElseThrow();

        Programs.Ended nodes = mysql(cluster, "SHOW NODES");
        Programs.Ended switched = mysql(cluster, "SWITCHOVER TO '" + target + "'");

        assertThat(nodes.exit()).as(nodes.output()).isZero();
        assertThat(nodes.output()).contains(cluster.nodes());
        assertThat(switched.exit()).as(switched.output()).isZero();
        assertThat(cluster.awaitOtherPrimary(primary, java.time.Duration.ofSeconds(30)))
                .isEqualTo(target);
    }

    private static Programs.Ended mysql(Cluster cluster, String sql) {
        DemoFile.Account admin = cluster.file().accounts().admin();
        return Programs.run(
                cluster.work(),
                List.of(
                        cluster.mysql().program("mysql").toString(),
                        "--no-defaults",
                        "--protocol=TCP",
                        "--host=127.0.0.1",
                        "--port=" + Cluster.address(cluster.proxy().admin()).getPort(),
                        "--user=" + admin.user(),
                        "--password=" + admin.password(),
                        "--table",
                        "--execute=" + sql));
    }

    private static String password(Cluster cluster) {
        return cluster.file().accounts().admin().password();
    }

    private static Connection connect(Cluster cluster, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://"
                        + cluster.proxy().admin()
                        + "/?allowPublicKeyRetrieval=true&sslMode=PREFERRED",
                cluster.file().accounts().admin().user(),
                password);
    }

    private static List<Map<String, String>> query(Cluster cluster, String sql)
            throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (Connection connection = connect(cluster, password(cluster));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                Map<String, String> row = new HashMap<>();
                for (int i = 1; i <= columns; i++) {
                    row.put(
                            result.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT),
                            String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
