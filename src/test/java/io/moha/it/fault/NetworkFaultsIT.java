package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links between the parties are cut, in one direction or in both, or get slow. */
@ExtendWith(WithFaultCluster.class)
class NetworkFaultsIT {

    /** Less than any change of primary would take. */
    private static final Duration NO_CHANGE = Duration.ofSeconds(4);

    /** Longer than a lease and a candidate's wait together. */
    private static final Duration OUTLAST = Duration.ofSeconds(12);

    @Test
    void thePrimaryServesOnPromisesWhenItLosesTheStore(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "18 the primary loses the store only")) {
            long mysqld = cluster.node(primary).mysqld();
            seen.strike();
            cluster.cutOff(primary, FaultCluster.ETCDS);

            seen.writesGoOn(OUTLAST, NO_CHANGE);

            cluster.links().heal();
            seen.writesGoOn(Duration.ofSeconds(3), NO_CHANGE);
            assertThat(cluster.primary()).isEqualTo(primary);
            assertThat(cluster.node(primary).mysqld()).isEqualTo(mysqld);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void thePrimaryLosesItsReplicasOnly(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "19 the primary loses its replicas only")) {
            seen.strike();
            cluster.cutOff(primary, FaultCluster.others(primary));

            // Alone or elsewhere, but somewhere.
            seen.awaitWrites();

            seen.verify();
        }
    }

    @Test
    void anIsolatedPrimaryIsDeadBeforeAnotherServes(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "20 the primary is cut off from everything")) {
            Fall fall = Fall.watch(cluster.node(old).mysqld());
            seen.strike();
            cluster.isolate(old);

            String fresh = seen.awaitFailover(old);

            fall.assertBefore(seen.prober().firstYes(fresh));
            seen.verify();
        }
    }

    @Test
    void aPrimaryThatOnlySendsStepsDown(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "23 the primary sends and does not receive")) {
            Fall fall = Fall.watch(cluster.node(old).mysqld());
            seen.strike();
            everybodyBut(old).forEach(other -> cluster.links().cutOneWay(other, old));

            String fresh = seen.awaitFailover(old);

            fall.assertBefore(seen.prober().firstYes(fresh));
            seen.verify();
        }
    }

    @Test
    void aPrimaryThatOnlyReceivesStepsDown(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "23 the primary receives and does not send")) {
            Fall fall = Fall.watch(cluster.node(old).mysqld());
            seen.strike();
            everybodyBut(old).forEach(other -> cluster.links().cutOneWay(old, other));

            String fresh = seen.awaitFailover(old);

            fall.assertBefore(seen.prober().firstYes(fresh));
            seen.verify();
        }
    }

    @Test
    void aBridgeChangesNothing(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String unseen = FaultCluster.others(primary).getLast();
        try (Witnesses seen = Witnesses.of(cluster, "24 the primary loses one replica (bridge)")) {
            seen.strike();
            cluster.links().cut(primary, unseen);

            seen.writesGoOn(OUTLAST, NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void aSlowNetworkIsNoReasonToChange(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen =
                Witnesses.of(cluster, "44 every packet of the primary takes 100 ms")) {
            seen.strike();
            everybodyBut(primary)
                    .forEach(
                            other -> cluster.links().delay(primary, other, Duration.ofMillis(100)));

            seen.writesGoOn(OUTLAST, NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    private static List<String> everybodyBut(String node) {
        List<String> others = new java.util.ArrayList<>(FaultCluster.others(node));
        others.addAll(FaultCluster.ETCDS);
        others.add(FaultCluster.PROXY);
        return others;
    }
}
