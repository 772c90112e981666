package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.moha.demo.DemoFile;
import io.moha.it.client.Programs;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.ClusterView;
import io.moha.it.fixture.ProductJvm;
import io.moha.it.fixture.WithCluster;
import io.moha.it.load.IdleSession;
import io.moha.it.load.Prober;
import io.moha.it.load.WriteLoad;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The primary is changed on purpose, under load: to a named node and back. */
@ExtendWith(WithCluster.class)
class SwitchoverIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(SwitchoverIT.class);
    private static final Duration BOUND = Duration.ofSeconds(60);

    @Test
    void thereAndBackUnderLoadLosesNothing(Cluster cluster) throws Exception {
        String first = cluster.primary().orElseThrow();
        String second =
                cluster.nodes().stream().filter(id -> !id.equals(first)).findFirst().orElseThrow();
        try (IdleSession idle = IdleSession.open(cluster, "mysql");
                IdleSession other = IdleSession.open(cluster, "mariadb");
                Prober prober = Prober.start(cluster);
                WriteLoad load = WriteLoad.start(cluster)) {

            switchOver(cluster, second);
            load.awaitProgress(200, BOUND);
            idle.assertUnchanged();
            other.assertUnchanged();
            cluster.awaitWell();
            switchOver(cluster, first);
            load.awaitProgress(200, BOUND);

            idle.assertUnchanged();
            other.assertUnchanged();
            load.assertNothingLost(cluster.node(first).mysql());
            prober.assertOneAfterTheOther(List.of(first, second, first));
            LOGGER.atInfo().log(load.summary());
            assertThat(load.errors().keySet())
                    .allMatch(error -> error.equals("transaction 1213/40001"));
        }
    }

    private static void switchOver(Cluster cluster, String to) throws Exception {
        ClusterView.Printed printed = cluster.moha("switchover", "--to=" + to);

        assertThat(printed.exit()).as(printed.toString()).isZero();
        assertThat(cluster.primary()).contains(to);
    }

    @Test
    void whoeverTakesOverHasNothingLeftToPrepare(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String to =
                cluster.nodes().stream()
                        .filter(id -> !id.equals(primary))
                        .findFirst()
                        .orElseThrow();
        // A receiver whose account is missing is turned away; a long file is read to it whole.
        for (String node : cluster.nodes()) {
            assertThat(number(cluster, node, "SELECT @@GLOBAL.max_binlog_size"))
                    .isLessThanOrEqualTo(32L << 20);
            assertThat(
                            number(
                                    cluster,
                                    node,
                                    "SELECT COUNT(*) FROM mysql.user WHERE Host = '%' AND User IN"
                                            + " ('moha_repl_n1', 'moha_repl_n2', 'moha_repl_n3')"))
                    .as(node)
                    .isEqualTo(cluster.nodes().size());
        }
        long before = logFiles(cluster, to);

        switchOver(cluster, to);

        assertThat(logFiles(cluster, to)).isGreaterThan(before);
    }

    private static long logFiles(Cluster cluster, String node) throws Exception {
        try (Connection connection = root(cluster, node);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
            long files = 0;
            while (rows.next()) {
                files++;
            }
            return files;
        }
    }

    private static long number(Cluster cluster, String node, String sql) throws Exception {
        try (Connection connection = root(cluster, node);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Connection root(Cluster cluster, String node) throws Exception {
        DemoFile.Account root = cluster.file().accounts().root();
        return DriverManager.getConnection(
                "jdbc:mysql://" + cluster.node(node).mysql(), root.user(), root.password());
    }

    @Test
    void whatCannotBeDoneIsRefusedWithOneLine(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();

        for (String to : List.of("nosuchnode", primary)) {
            ClusterView.Printed refused = cluster.moha("switchover", "--to=" + to);

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err().lines()).singleElement().asString().contains(to);
        }
        ClusterView.Printed dry = cluster.moha("switchover", "--dry-run");
        assertThat(dry.exit()).as(dry.out() + dry.err()).isZero();
        assertThat(cluster.primary()).contains(primary);
    }

    @Test
    void thePortForReadingGoesToReplicas(Cluster cluster) throws Exception {
        String primary = cluster.node(cluster.primary().orElseThrow()).mysql();
        String port = primary.substring(primary.indexOf(':') + 1);
        // The proxy hears a moment later than the store that replicas are well again.
        Await.until("reads go to a replica", BOUND, () -> !reader(cluster).equals("writable"));

        for (int i = 0; i < 6; i++) {
            assertThat(reader(cluster)).isNotIn(port, "writable");
        }
    }

    /** The port of the server that the port for reading leads to. */
    private static String reader(Cluster cluster) throws Exception {
        try (Connection connection = cluster.app("mysql", cluster.proxy().ro(), "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@port, @@super_read_only")) {
            row.next();
            return row.getInt(2) == 1 ? row.getString(1) : "writable";
        }
    }

    @Test
    void whatIsWrittenCanSoonBeReadOnReplicas(Cluster cluster) throws Exception {
        try (Connection writer = cluster.rw("mysql", "");
                Connection reader = cluster.app("mysql", cluster.proxy().ro(), "");
                Statement write = writer.createStatement();
                Statement read = reader.createStatement()) {
            write.execute("DROP TABLE IF EXISTS seen");
            write.execute("CREATE TABLE seen (id INT PRIMARY KEY)");
            write.execute("INSERT INTO seen VALUES (42)");

            Await.until(
                    "the row is on the replica",
                    BOUND,
                    () -> {
                        try (ResultSet row = read.executeQuery("SELECT id FROM seen")) {
                            return row.next() && row.getInt(1) == 42;
                        }
                    });
        }
    }

    @Test
    void statusAndHistoryArePrintedByTheProgramItself(Cluster cluster) throws Exception {
        JsonNode status = json(cluster, "status");
        JsonNode history = json(cluster, "history");

        assertThat(status.path("nodes").size()).isEqualTo(3);
        assertThat(status.path("primary").asText()).isEqualTo(cluster.primary().orElseThrow());
        assertThat(status.path("proxies").size()).isEqualTo(1);
        assertThat(history.isArray()).isTrue();
        long last = 0;
        for (JsonNode change : history) {
            assertThat(change.path("epoch").asLong()).isGreaterThan(last);
            assertThat(change.path("lost").asText()).isEmpty();
            last = change.path("epoch").asLong();
        }
        assertThat(last).isEqualTo(status.path("epoch").asLong());
        assertThat(run(cluster, List.of("status", "--nosuch")).exit()).isEqualTo(2);
    }

    private static JsonNode json(Cluster cluster, String command) throws Exception {
        Programs.Ended ended =
                run(
                        cluster,
                        List.of(
                                command,
                                "--json",
                                "--etcd=http://" + cluster.file().etcd().getFirst().client(),
                                "--cluster=" + cluster.file().cluster()));
        assertThat(ended.exit()).as(ended.output()).isZero();
        String output = ended.output();
        int start = output.indexOf(command.equals("status") ? '{' : '[');
        return new com.fasterxml.jackson.databind.ObjectMapper().readTree(output.substring(start));
    }

    private static Programs.Ended run(Cluster cluster, List<String> words) {
        return Programs.run(cluster.work(), ProductJvm.moha(words));
    }
}
