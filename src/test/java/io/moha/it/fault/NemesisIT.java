package io.moha.it.fault;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random faults that overlap, in rounds: some time of them, then everything is mended, and the
 * cluster must have kept its promises and become whole. {@code -Dmoha.nemesis.minutes} says how
 * long, {@code -Dmoha.nemesis.seed} repeats the order of an earlier run.
 */
@ExtendWith(WithFaultCluster.class)
class NemesisIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(NemesisIT.class);
    private static final Duration ROUND = Duration.ofSeconds(30);
    private static final int DEFAULT_MINUTES = 3;

    @Test
    void whateverHappensThePromisesAreKept(FaultCluster cluster) throws Exception {
        long seed = Long.getLong("moha.nemesis.seed", ThreadLocalRandom.current().nextLong() >>> 1);
        Duration time =
                Duration.ofMinutes(Integer.getInteger("moha.nemesis.minutes", DEFAULT_MINUTES));
        LOGGER.atInfo().log("nemesis: -Dmoha.nemesis.seed={}", seed);
        Nemesis nemesis = new Nemesis(cluster, seed);
        long until = System.nanoTime() + time.toNanos();
        int round = 0;
        while (System.nanoTime() < until) {
            round++;
            try (Witnesses seen =
                    Witnesses.of(cluster, "nemesis, seed %d, round %d".formatted(seed, round))) {
                seen.strike();
                nemesis.rage(ROUND);
                cluster.heal();
                nemesis.awaitQuiet();
                seen.verifyApartFromErrors();
            } catch (AssertionError e) {
                throw new AssertionError("-Dmoha.nemesis.seed=" + seed + ", round " + round, e);
            }
        }
    }
}
