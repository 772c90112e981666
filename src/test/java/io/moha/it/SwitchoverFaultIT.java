package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.ClusterView;
import io.moha.it.fixture.WithCluster;
import io.moha.it.load.Prober;
import io.moha.it.load.WriteLoad;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A switchover is cut off before its commit point: it is undone, and nothing is lost. */
@Tag("slow")
@ExtendWith(WithCluster.class)
class SwitchoverFaultIT {

    private static final Duration BOUND = Duration.ofSeconds(90);

    @Test
    void aTargetThatStopsIsGivenUpAndTheOldPrimaryServesOn(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        String target = other(cluster, primary);
        long stopped = cluster.mysqld(target);
        try (Prober prober = Prober.start(cluster);
                WriteLoad load = WriteLoad.start(cluster)) {
            signal("STOP", stopped);
            ClusterView.Printed printed;
            try {
                printed = cluster.moha("switchover", "--to=" + target);
            } finally {
                signal("CONT", stopped);
            }

            assertThat(printed.exit()).isEqualTo(1);
            assertThat(printed.err()).contains(target + " did not catch up in time");
            assertThat(cluster.primary()).contains(primary);
            load.awaitProgress(100, BOUND);
            load.assertNothingLost(cluster.node(primary).mysql());
            prober.assertOneAfterTheOther(List.of(primary));
        }
        cluster.awaitWell();
    }

    @Test
    void anAgentThatDiesWhileItsServerIsReadOnlyLeavesNothingBehind(Cluster cluster)
            throws Exception {
        String primary = cluster.primary().orElseThrow();
        String target = other(cluster, primary);
        long stopped = cluster.mysqld(target);
        try (WriteLoad load = WriteLoad.start(cluster)) {
            signal("STOP", stopped);
            try {
                CompletableFuture<ClusterView.Printed> printed =
                        CompletableFuture.supplyAsync(
                                () -> cluster.moha("switchover", "--to=" + target));
                // The target cannot catch up, which is waited for for a second.
                Await.until(
                        "the old primary is read-only",
                        BOUND,
                        () -> isReadOnly(cluster, primary) || printed.isDone());
                Cluster.kill(cluster.agent(primary));
                signal("CONT", stopped);
                ClusterView.Printed _ = printed.get(BOUND.toSeconds(), TimeUnit.SECONDS);
            } finally {
                signal("CONT", stopped);
            }

            cluster.awaitWell();
            load.awaitProgress(100, BOUND);
            load.assertNothingLost(cluster.node(cluster.primary().orElseThrow()).mysql());
        }
        // Nothing of it is under way any more.
        assertThat(cluster.moha("switchover", "--dry-run").exit()).isZero();
    }

    private static String other(Cluster cluster, String primary) {
        return cluster.nodes().stream().filter(id -> !id.equals(primary)).findFirst().orElseThrow();
    }

    private static boolean isReadOnly(Cluster cluster, String node) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:mysql://"
                                        + cluster.node(node).mysql()
                                        + "/?allowPublicKeyRetrieval=true",
                                cluster.file().accounts().root().user(),
                                cluster.file().accounts().root().password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@GLOBAL.super_read_only")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
        assertThat(kill.waitFor()).isZero();
    }
}
