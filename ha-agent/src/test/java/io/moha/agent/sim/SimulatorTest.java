package io.moha.agent.sim;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The agents' real code in simulated clusters under random faults. {@code -Dmoha.sim.seed=N}
 * replays one run, {@code -Dmoha.sim.seeds=N} sets how many fresh ones there are (without it, as
 * many as fit into half a minute), {@code -Dmoha.sim.trace=true} writes what happened in a replayed
 * one to target/sim-N.txt.
 */
class SimulatorTest {

    private static final int FIXED = Integer.getInteger("moha.sim.fixed", 40);
    private static final int FRESH = Integer.getInteger("moha.sim.seeds", 0);
    private static final int MANY = 2_000;
    private static final Duration ENOUGH = Duration.ofSeconds(30);

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
        Ticker ticker = Ticker.system();
        Moment until = ticker.now().plus(ENOUGH);
        long first = ThreadLocalRandom.current().nextLong(1L << 40);
        List<SimRun.Outcome> broken =
                LongStream.concat(
                                LongStream.range(0, FIXED),
                                LongStream.range(first, first + (FRESH > 0 ? FRESH : MANY)))
                        .parallel()
                        .filter(_ -> FRESH > 0 || ticker.now().isBefore(until))
                        .mapToObj(seed -> new SimRun(seed, Mutation.NONE, false).run())
                        .filter(outcome -> outcome.broken() != null)
                        .toList();
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
