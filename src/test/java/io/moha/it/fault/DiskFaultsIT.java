package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.Await;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** Disks get full. Only where the tests may mount a small one. */
@Tag("slow")
@ExtendWith(WithFaultCluster.class)
@EnabledIf(value = "isPossible", disabledReason = "mounting a small disk takes root")
class DiskFaultsIT {

    /** Less than any change of primary would take. */
    private static final Duration NO_CHANGE = Duration.ofSeconds(4);

    /**
     * A thread of mysqld that met a full disk sleeps for a minute before it tries again (mysys,
     * wait_for_free_space), whenever space came back; then it catches up.
     */
    private static final Duration WAKES_UP = Duration.ofSeconds(75);

    /** What mysqld says of a table that does not fit (1114); what it cannot log it waits with. */
    private static final String TABLE_FULL = "transaction 1114/HY000";

    static boolean isPossible() {
        return SmallDisk.isPossible();
    }

    @Test
    void aReplicaWithoutSpaceHoldsNobodyUp(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String full = FaultCluster.others(primary).getFirst();
        try (SmallDisk disk = SmallDisk.under(cluster.node(full), cluster.work())) {
            cluster.awaitWell();
            try (Witnesses seen = Witnesses.of(cluster, "14 a replica's disk is full")) {
                seen.strike();
                disk.fill();

                seen.writesGoOn(Duration.ofSeconds(10), NO_CHANGE);
                assertThat(cluster.primary()).isEqualTo(primary);
                disk.free();

                Convergence.awaitCaughtUp(cluster, full, primary, WAKES_UP);
                seen.assertNoErrors();
                seen.verify();
            }
        }
    }

    @Test
    void aReplicaWithoutSpaceDoesNotHoldUpAnElection(FaultCluster cluster) throws Exception {
        String primary = cluster.primary();
        String full = FaultCluster.others(primary).getFirst();
        try (SmallDisk disk = SmallDisk.under(cluster.node(full), cluster.work())) {
            cluster.awaitWell();
            try (Witnesses seen = Witnesses.of(cluster, "14 and the primary dies then")) {
                disk.fill();
                Await.costlyValue(
                        full + " is struck off",
                        Witnesses.BOUND,
                        () ->
                                cluster.view()
                                                .status()
                                                .path("durability")
                                                .path("ackers")
                                                .toString()
                                                .contains(full)
                                        ? null
                                        : Boolean.TRUE);
                seen.strike();
                Signals.kill(List.of(cluster.node(primary).mysqld()));

                String next = seen.awaitFailover(primary);
                assertThat(next).isNotEqualTo(full);
                disk.free();

                Convergence.awaitCaughtUp(cluster, full, next, WAKES_UP);
                seen.verify();
            }
        }
    }

    @Test
    void aPrimaryWithoutSpaceIsReplaced(FaultCluster cluster) throws Exception {
        String first = cluster.primary();
        String full = FaultCluster.others(first).getFirst();
        try (SmallDisk disk = SmallDisk.under(cluster.node(full), cluster.work())) {
            cluster.awaitWell();
            assertThat(cluster.moha("switchover", "--to=" + full).exit()).isZero();
            cluster.awaitWell();
            try (Witnesses seen = Witnesses.of(cluster, "13 the primary's disk is full")) {
                seen.strike();
                disk.fill();

                Await.costlyValue(
                        "why says that the disk is full",
                        Witnesses.BOUND,
                        () ->
                                cluster.moha("why").out().contains("the disk is full")
                                        ? Boolean.TRUE
                                        : null);
                seen.awaitFailover(full);
                // Whether or not the old one can start on its full disk.
                seen.writesGoOn(Duration.ofSeconds(5), NO_CHANGE);
                assertThat(cluster.primary()).isNotEqualTo(full);
                disk.free();

                // It may have started, and met the end of its disk as a replica.
                Convergence.awaitCaughtUp(cluster, full, cluster.primary(), WAKES_UP);
                seen.verify(Set.of(TABLE_FULL));
            }
        }
    }
}
