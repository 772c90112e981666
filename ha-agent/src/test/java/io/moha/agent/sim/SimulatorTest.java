package io.moha.agent.sim;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The agents' real code in simulated clusters under random faults. {@code -Dmoha.sim.seed=N}
 * replays one run, {@code -Dmoha.sim.seeds=N} adds N fresh ones to the fixed ones, {@code
 * -Dmoha.sim.trace=true} writes what happened in a replayed one to target/sim-N.txt.
 */
class SimulatorTest {

    private static final int FIXED = Integer.getInteger("moha.sim.fixed", 400);
    private static final int FRESH = Integer.getInteger("moha.sim.seeds", 0);

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
        long first = ThreadLocalRandom.current().nextLong(1L << 40);
        List<SimRun.Outcome> broken =
                LongStream.concat(
                                LongStream.range(0, FIXED), LongStream.range(first, first + FRESH))
                        .parallel()
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
