package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import io.moha.it.load.WriteLoad;
import io.moha.provision.FileTree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members of etcd die, hang, or lose their data. */
@ExtendWith(WithFaultCluster.class)
class StoreFaultsIT {

    /** Less than any change of primary would take. */
    private static final Duration NO_CHANGE = Duration.ofSeconds(4);

    /** Several leases; {@code -Dmoha.it.outage=60} makes it a minute. */
    private static final Duration LONG_OUTAGE =
            Duration.ofSeconds(Integer.getInteger("moha.it.outage", 30));

    @Test
    void theStoresLeaderDies(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "26 etcd's leader is killed")) {
            String leader = Stores.leader(cluster);
            seen.strike();
            cluster.crew().hold(leader);
            Signals.kill(List.of(cluster.crew().pid(leader)));

            seen.writesGoOn(Duration.ofSeconds(8), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void theStoreLosesItsQuorumForLong(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "27 etcd has no quorum")) {
            List<String> gone = FaultCluster.ETCDS.subList(0, 2);
            seen.strike();
            gone.forEach(cluster.crew()::hold);
            Signals.kill(gone.stream().map(cluster.crew()::pid).toList());

            seen.writesGoOn(LONG_OUTAGE, NO_CHANGE);

            gone.forEach(cluster.crew()::release);
            seen.writesGoOn(Duration.ofSeconds(5), NO_CHANGE);
            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void theStoreForgetsEverything(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "29 all of etcd's data are lost")) {
            seen.strike();
            forgetEverything(cluster);

            seen.writesGoOn(Duration.ofSeconds(10), NO_CHANGE);
            Await.costlyValue(
                    "the primary has written its records back",
                    Witnesses.BOUND,
                    () -> cluster.view().primary().orElse(null));
            // What the new store says is relied on as what the old one said.
            cluster.cutOff(primary, FaultCluster.ETCDS);
            seen.writesGoOn(Duration.ofSeconds(8), NO_CHANGE);
            cluster.links().heal();

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void aClusterThatTheStoreForgotWithItsPrimaryIsDeclaredAgain(FaultCluster cluster)
            throws Exception {
        String primary = cluster.primary();
        String all = String.join(",", FaultCluster.NODES);
        String others = String.join(",", FaultCluster.others(primary));
        try (WriteLoad load = WriteLoad.start(cluster)) {
            load.awaitProgress(50, Witnesses.BOUND);
            cluster.node(primary).crash();
            forgetEverything(cluster);
            cluster.node(primary).release();
            Await.costlyValue(
                    "every node says that the store has forgotten, and one is missing in the order",
                    Witnesses.BOUND,
                    () -> {
                        String said =
                                cluster.moha("bootstrap", "--recover", "--nodes=" + others).err();
                        return said.startsWith("moha: there is also " + primary + ":")
                                ? said
                                : null;
                    });
            assertThat(cluster.moha("bootstrap", "--nodes=" + all).err()).contains("--recover");
            Await.costlyValue(
                    "the cluster is declared again",
                    Witnesses.BOUND,
                    () -> recovers(cluster, all) ? Boolean.TRUE : null);
            load.awaitProgress(50, Witnesses.BOUND);
            cluster.awaitWell();
            load.stop();
            load.assertNothingLost(cluster.direct(cluster.primary()));
            Convergence.assertReached(cluster);
        } finally {
            cluster.heal();
        }
    }

    private static boolean recovers(FaultCluster cluster, String nodes) {
        return cluster.moha("bootstrap", "--recover", "--nodes=" + nodes).exit() == 0;
    }

    private static void forgetEverything(FaultCluster cluster) throws IOException {
        FaultCluster.ETCDS.forEach(cluster.crew()::hold);
        List<Long> pids = FaultCluster.ETCDS.stream().map(cluster.crew()::pid).toList();
        Signals.kill(pids);
        pids.forEach(pid -> Signals.awaitGone(pid, Witnesses.BOUND));
        for (String etcd : FaultCluster.ETCDS) {
            FileTree.delete(cluster.etcd(etcd).directory().resolve("data"));
        }
        FaultCluster.ETCDS.forEach(cluster.crew()::release);
    }

    @Test
    void aMemberOfTheStoreHangs(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "31 one member of etcd hangs, each in turn")) {
            seen.strike();
            for (String etcd : FaultCluster.ETCDS) {
                List<Long> member = List.of(cluster.crew().pid(etcd));
                Signals.stop(member);
                seen.writesGoOn(Duration.ofSeconds(7), NO_CHANGE);
                Signals.goOn(member);
                seen.writesGoOn(Duration.ofSeconds(2), NO_CHANGE);
            }

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }
}
