package io.moha.agent.sim;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agents' real code in simulated clusters under random faults: a fixed set of runs, then fresh
 * ones, as many as the time allows. {@code -Dmoha.sim.seed=N} replays one run, {@code
 * -Dmoha.sim.seeds=N} and {@code -Dmoha.sim.seconds=N} limit the fresh ones, {@code
 * -Dmoha.sim.trace=true} writes what happened in a replayed one to target/sim-N.txt.
 */
class SimulatorTest {

    private static final int FIXED = Integer.getInteger("moha.sim.fixed", 400);
    private static final int FRESH = Integer.getInteger("moha.sim.seeds", 2_000);
    private static final Duration LIMIT =
            Duration.ofSeconds(Integer.getInteger("moha.sim.seconds", 110));
    private static final Logger LOGGER = LoggerFactory.getLogger("simulator");
    private static final Ticker TICKER = Ticker.system();

    @BeforeAll
    static void quiet() {
        AgentLog.off();
    }

    @AfterAll
    static void loud() {
        AgentLog.on();
    }

    @Test
    void everyInvariantHoldsInEveryRun() throws IOException {
        Long one = Long.getLong("moha.sim.seed");
        if (one != null) {
            replay(one);
            return;
        }
        Moment until = TICKER.now().plus(LIMIT);
        List<SimRun.Outcome> broken = new ArrayList<>(broken(LongStream.range(0, FIXED)));
        long first = ThreadLocalRandom.current().nextLong(1L << 40);
        LongAdder fresh = new LongAdder();
        broken.addAll(
                broken(
                        LongStream.range(first, first + FRESH)
                                .filter(_ -> TICKER.now().isBefore(until))
                                .peek(_ -> fresh.increment())));
        LOGGER.atInfo()
                .addKeyValue("fixed", FIXED)
                .addKeyValue("fresh", fresh)
                .addKeyValue("from", first)
                .log("runs simulated");
        if (!broken.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            for (SimRun.Outcome outcome : broken) {
                lines.append("\nreplay with -Dtest=SimulatorTest -Dmoha.sim.seed=")
                        .append(outcome.seed())
                        .append("  ")
                        .append(firstLine(outcome));
            }
            fail(lines.toString());
        }
    }

    private static List<SimRun.Outcome> broken(LongStream seeds) {
        return seeds.parallel()
                .mapToObj(seed -> new SimRun(seed, Mutation.NONE, false).run())
                .filter(outcome -> outcome.broken() != null)
                .toList();
    }

    private static String firstLine(SimRun.Outcome outcome) {
        return String.valueOf(outcome.broken()).lines().findFirst().orElse("");
    }

    private static void replay(long seed) throws IOException {
        boolean tracing = Boolean.getBoolean("moha.sim.trace");
        SimRun run = new SimRun(seed, Mutation.NONE, tracing);
        SimRun.Outcome outcome = run.run();
        if (tracing) {
            Files.write(Path.of("target", "sim-" + seed + ".txt"), run.trace());
        }
        assertNull(outcome.broken(), "seed " + seed);
    }
}
