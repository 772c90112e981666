package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.cluster.LeaderState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** More than one thing fails, or something fails in the middle of a failover. */
@ExtendWith(WithFaultCluster.class)
class ElectionFaultsIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(ElectionFaultsIT.class);

    /** Longer than a lease and a candidate's wait together. */
    private static final Duration OUTLAST = Duration.ofSeconds(12);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoMayLackSomethingWaitsForWhoHasIt(boolean primaryReturns, FaultCluster cluster)
            throws Exception {
        String primary = cluster.primary();
        String ahead = FaultCluster.others(primary).getFirst();
        String behind = FaultCluster.others(primary).getLast();
        String returning = primaryReturns ? "primary" : "replica";
        try (Witnesses seen =
                Witnesses.of(
                        cluster,
                        "34 primary and most advanced replica die, %s returns"
                                .formatted(returning))) {
            cluster.links().cut(primary, behind);
            seen.awaitWrites();
            seen.strike();
            Signals.kill(
                    Stream.of(primary, ahead)
                            .peek(id -> cluster.crew().hold(id))
                            .flatMap(id -> cluster.node(id).pids().stream())
                            .toList());
            cluster.links().heal();

            seen.awaitStandstill();
            seen.nobodyWrites(OUTLAST);
            assertThat(FaultCluster.NODES).noneMatch(cluster::saysPrimary);
            cluster.node(primaryReturns ? primary : ahead).release();
            seen.awaitWrites();

            seen.verify();
        }
    }

    /** When in a failover the node dies that runs it. */
    @ParameterizedTest
    @EnumSource(names = {"ELECTING", "PROMOTING"})
    void whoeverRunsAFailoverDies(LeaderState when, FaultCluster cluster) throws Exception {
        String old = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "35 the candidate dies while " + when.name())) {
            List<String> died = Collections.synchronizedList(new ArrayList<>());
            try (AutoCloseable watch =
                    Stores.onLeader(
                            cluster,
                            leader -> {
                                if (died.isEmpty()
                                        && leader.state() == when
                                        && !leader.holder().equals(old)) {
                                    died.add(leader.holder());
                                    Signals.kill(cluster.node(leader.holder()).pids());
                                }
                            })) {
                seen.strike();
                cluster.node(old).crash();
                seen.awaitFailover(old);
                LOGGER.atInfo().addKeyValue("died", died).log("candidate died in {}", when);
                assertThat(died).isNotEmpty();
                assertThat(watch).isNotNull();
            }
            seen.verify();
        }
    }

    @Test
    void everythingStartsAgainInAnyOrder(FaultCluster cluster) throws Exception {
        try (Witnesses seen = Witnesses.of(cluster, "45 everything loses its power")) {
            List<String> all = new ArrayList<>(FaultCluster.NODES);
            all.addAll(FaultCluster.ETCDS);
            all.add(FaultCluster.PROXY);
            long seed = System.nanoTime();
            Collections.shuffle(all, new Random(seed));
            LOGGER.atInfo().addKeyValue("order", all).log("power returns");
            seen.strike();
            all.forEach(cluster.crew()::hold);
            List<Long> pids = new ArrayList<>();
            FaultCluster.NODES.forEach(id -> pids.addAll(cluster.node(id).pids()));
            FaultCluster.ETCDS.forEach(id -> pids.add(cluster.crew().pid(id)));
            pids.add(cluster.crew().pid(FaultCluster.PROXY));
            Signals.kill(pids);
            pids.forEach(pid -> Signals.awaitGone(pid, Witnesses.BOUND));

            all.forEach(cluster.crew()::release);

            seen.awaitWrites();
            seen.verifyApartFromErrors();
        }
    }

    @Test
    void strictMeansThatWritesWait(FaultCluster cluster) throws Exception {
        cluster.reconfigure("durability: {mode: strict}\n");
        String primary = cluster.primary();
        try (Witnesses seen = Witnesses.of(cluster, "12 both replicas are lost; strict")) {
            seen.strike();
            FaultCluster.others(primary).forEach(id -> cluster.node(id).crash());

            seen.awaitStandstill();
            seen.nobodyWrites(Duration.ofSeconds(8));
            cluster.node(FaultCluster.others(primary).getFirst()).release();
            seen.awaitWrites();

            assertThat(cluster.primary()).isEqualTo(primary);
            seen.assertNoErrors();
            seen.verify();
        } finally {
            cluster.heal();
            cluster.reconfigure("");
        }
    }
}
