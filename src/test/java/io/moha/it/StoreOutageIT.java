package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;
import io.moha.it.fixture.Await;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.WithCluster;
import io.moha.it.load.Prober;
import io.moha.it.load.WriteLoad;
import io.moha.protocol.cluster.ClusterKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store hangs, or forgets everything: the primary serves on, and nobody else does. */
@ExtendWith(WithCluster.class)
class StoreOutageIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreOutageIT.class);
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Several times the lease's five seconds. */
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    /** Less than any change of primary would take. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private static long hanging;

    @AfterEach
    void goOn() throws Exception {
        signal("CONT", hanging);
    }

    @Test
    @Tag("slow")
    void thePrimaryServesOnWhileTheStoreHangs(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        try (Prober prober = Prober.start(cluster);
                WriteLoad load = WriteLoad.start(cluster)) {
            hang(cluster);
            writesGoOn(load, OUTAGE);
            signal("CONT", hanging);
            writesGoOn(load, Duration.ofSeconds(8));

            assertThat(cluster.primary()).contains(primary);
            assertThat(load.errors()).isEmpty();
            load.assertNothingLost(cluster.node(primary).mysql());
            prober.assertOneAfterTheOther(List.of(primary));
            LOGGER.atInfo().addKeyValue("fault", "STORE HANGS").log(load.summary());
        }
        cluster.awaitWell();
    }

    @Test
    void thePrimarysAgentComesBackWithoutTheStore(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        try (Prober prober = Prober.start(cluster);
                WriteLoad load = WriteLoad.start(cluster)) {
            long agent = cluster.agent(primary);
            long mysqld = cluster.mysqld(primary);
            hang(cluster);
            writesGoOn(load, Duration.ofSeconds(7));
            Cluster.kill(agent);
            Await.until("the agent runs again", BOUND, () -> cluster.agent(primary) != agent);
            boolean lived = livesFor(mysqld, Duration.ofSeconds(8));
            signal("CONT", hanging);
            if (lived) {
                writesGoOn(load, Duration.ofSeconds(8));
                assertThat(cluster.primary()).contains(primary);
            } else {
                // The store still says what was true before its outage.
                load.awaitProgress(50, BOUND);
            }
            cluster.awaitWell();

            String now = cluster.primary().orElseThrow();
            load.assertNothingLost(cluster.node(now).mysql());
            LOGGER.atInfo()
                    .addKeyValue("fault", "AGENT DIES WHILE THE STORE HANGS")
                    .addKeyValue("resumed", lived)
                    .log(load.summary());
            prober.assertOneAfterTheOther(
                    now.equals(primary) ? List.of(primary) : List.of(primary, now));
        }
    }

    @Test
    @Tag("slow")
    void thePrimaryFillsAWipedStoreAgain(Cluster cluster) throws Exception {
        String primary = cluster.primary().orElseThrow();
        try (WriteLoad load = WriteLoad.start(cluster)) {
            wipe(cluster);
            writesGoOn(load, Duration.ofSeconds(12));
            cluster.awaitWell();

            assertThat(cluster.primary()).contains(primary);
            assertThat(load.errors()).isEmpty();
            load.assertNothingLost(cluster.node(primary).mysql());
            LOGGER.atInfo().addKeyValue("fault", "STORE WIPED").log(load.summary());
        }
    }

    private static void writesGoOn(WriteLoad load, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            load.awaitProgress(10, LONGEST_PAUSE);
        }
    }

    private static boolean livesFor(long pid, Duration time) throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            return false;
        }
        try {
            process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException alive) {
            return true;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static void hang(Cluster cluster) throws Exception {
        String file = cluster.file().etcd().getFirst().pidFile();
        hanging = Long.parseLong(Files.readString(Path.of(file)).strip());
        signal("STOP", hanging);
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        if (pid != 0) {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        }
    }

    private static void wipe(Cluster cluster) throws Exception {
        String root = ClusterKeys.of("/moha", cluster.file().cluster()).root();
        try (Client etcd =
                Client.builder()
                        .endpoints("http://" + cluster.file().etcd().getFirst().client())
                        .build()) {
            etcd.getKVClient()
                    .delete(
                            ByteSequence.from(root, StandardCharsets.UTF_8),
                            DeleteOption.builder().isPrefix(true).build())
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
