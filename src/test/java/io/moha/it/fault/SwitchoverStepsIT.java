package io.moha.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.it.fixture.ClusterView;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody dies as soon as a switchover comes to one of its steps. {@code -Dmoha.it.steps=all} lets
 * everybody die at every step.
 */
@ExtendWith(WithFaultCluster.class)
class SwitchoverStepsIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(SwitchoverStepsIT.class);

    /** A lease, a candidate's wait, and the start of whatever died. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Without READ_ONLY, which comes only when the target cannot be asked directly. */
    private static final List<SwitchoverPhase> STEPS =
            List.of(
                    SwitchoverPhase.PREPARING,
                    SwitchoverPhase.HOLDING,
                    SwitchoverPhase.HANDED_OVER);

    /** Who dies. */
    enum Victim {
        OLD_SERVER,
        TARGET_SERVER,
        OLD_AGENT,
        TARGET_AGENT;

        long pid(FaultNode old, FaultNode target) {
            return switch (this) {
                case OLD_SERVER -> old.mysqld();
                case TARGET_SERVER -> target.mysqld();
                case OLD_AGENT -> old.agent();
                case TARGET_AGENT -> target.agent();
            };
        }
    }

    static Stream<Arguments> cases() {
        if ("all".equals(System.getProperty("moha.it.steps"))) {
            return STEPS.stream()
                    .flatMap(step -> Stream.of(Victim.values()).map(v -> Arguments.of(step, v)));
        }
        // Every step and everybody once, and the target twice: after the commit point it must act.
        return Stream.of(
                Arguments.of(SwitchoverPhase.PREPARING, Victim.OLD_SERVER),
                Arguments.of(SwitchoverPhase.HOLDING, Victim.OLD_AGENT),
                Arguments.of(SwitchoverPhase.HOLDING, Victim.TARGET_SERVER),
                Arguments.of(SwitchoverPhase.HANDED_OVER, Victim.TARGET_SERVER),
                Arguments.of(SwitchoverPhase.HANDED_OVER, Victim.TARGET_AGENT));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void somebodyServesWhoeverDies(SwitchoverPhase step, Victim victim, FaultCluster cluster)
            throws Exception {
        String old = cluster.primary();
        String target = FaultCluster.others(old).getFirst();
        long pid = victim.pid(cluster.node(old), cluster.node(target));
        assertThat(pid).isPositive();
        List<SwitchoverPhase> passed = Collections.synchronizedList(new ArrayList<>());
        try (Witnesses seen = Witnesses.of(cluster, "37 %s dies at %s".formatted(victim, step))) {
            ClusterView.Printed printed;
            try (AutoCloseable watch =
                    Stores.onSwitchover(cluster, killAt(step, pid, passed, seen))) {
                CompletableFuture<ClusterView.Printed> command =
                        CompletableFuture.supplyAsync(
                                () -> cluster.moha("switchover", "--to=" + target));
                printed = command.get(Witnesses.BOUND.toSeconds(), TimeUnit.SECONDS);
                assertThat(watch).isNotNull();
            }
            assertThat(passed).contains(step);
            seen.load().awaitProgress(20, SOON);
            LOGGER.atInfo()
                    .addKeyValue("victim", victim)
                    .addKeyValue("phases", passed)
                    .addKeyValue("printed", printed)
                    .log("somebody died in a switchover");

            seen.verify();

            // Nothing of it is under way any more.
            assertThat(cluster.moha("switchover", "--dry-run").exit()).isZero();
        }
    }

    /** Kills {@code pid} at once when the switchover comes to {@code step}. */
    private static Consumer<SwitchoverRecord> killAt(
            SwitchoverPhase step, long pid, List<SwitchoverPhase> passed, Witnesses seen) {
        ProcessHandle victim = ProcessHandle.of(pid).orElseThrow();
        return record -> {
            if (record.phase() == step && !passed.contains(step)) {
                victim.destroyForcibly();
                seen.strike();
            }
            passed.add(record.phase());
        };
    }
}
