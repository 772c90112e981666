package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes of one node stop, hang or die. */
@ExtendWith(WithFaultCluster.class)
class ServerFaultsIT {

    /** Less than any change of primary would take. */
    private static final Duration NO_CHANGE = Duration.ofSeconds(4);

    @Test
    void aServerThatHangsIsKilledAndReplaced(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "3 mysqld of the primary hangs (SIGSTOP)")) {
            long mysqld = cluster.node(old).mysqld();
            seen.strike();
            Signals.stop(List.of(mysqld));

            seen.awaitFailover(old);

            Signals.awaitGone(mysqld, Witnesses.BOUND);
            seen.verify();
        }
    }

    @Test
    void aFrozenNodeWakesUpFenced(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "4 the primary's node is frozen, and thawed")) {
            long mysqld = cluster.node(old).mysqld();
            seen.strike();
            cluster.node(old).freeze();

            seen.awaitFailover(old);
            cluster.node(old).thaw();

            Signals.awaitGone(mysqld, Witnesses.BOUND);
            seen.verify();
        }
    }

    @Test
    void theGuardActsForAnAgentThatPauses(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "7 the primary's agent pauses")) {
            Fall fall = Fall.watch(cluster.node(old).mysqld());
            long agent = cluster.node(old).agent();
            seen.strike();
            Signals.stop(List.of(agent));

            String fresh = seen.awaitFailover(old);

            fall.assertBefore(seen.prober().firstYes(fresh));
            Signals.goOn(List.of(agent));
            seen.verify();
        }
    }

    @Test
    void aServerDiesWithItsGuard(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "8 the primary's guard is killed")) {
            long mysqld = cluster.node(old).mysqld();
            seen.strike();
            Signals.kill(List.of(cluster.node(old).guard()));

            Signals.awaitGone(mysqld, Witnesses.BOUND);
            cluster.node(old).awaitOtherMysqld(mysqld);
            seen.awaitWrites();
            seen.verify();
        }
    }

    @Test
    void aGuardThatStandsStillCostsThePrimaryItsRole(FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "9 the primary's guard stands still")) {
            Fall fall = Fall.watch(cluster.node(old).mysqld());
            seen.strike();
            Signals.stop(List.of(cluster.node(old).guard()));

            String fresh = seen.awaitFailover(old);

            fall.assertBefore(seen.prober().firstYes(fresh));
            seen.verify();
        }
    }

    @Test
    void oneReplicaIsLost(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String lost = FaultCluster.others(primary).getFirst();
        try (Witnesses seen = Witnesses.of(cluster, "11 one replica is lost")) {
            seen.strike();
            cluster.node(lost).crash();

            seen.writesGoOn(Duration.ofSeconds(8), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void oneReplicaFallsSilent(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String lost = FaultCluster.others(primary).getFirst();
        try (Witnesses seen = Witnesses.of(cluster, "11 one replica is frozen")) {
            seen.strike();
            cluster.node(lost).freeze();

            seen.writesGoOn(Duration.ofSeconds(8), NO_CHANGE);

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }

    @Test
    void thePrimaryGoesOnAloneWhenItMay(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "12 both replicas are lost; safe")) {
            seen.strike();
            FaultCluster.others(primary).forEach(id -> cluster.node(id).crash());

            seen.awaitWrites();

            assertThat(cluster.view().status().path("durability").path("mode").asText())
                    .isEqualTo("SPM");
            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        }
    }
}
