package io.moha.agent.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each of eleven rules is broken on purpose, and the simulator has to notice. {@code
 * -Dmoha.sim.mutants=N} sets how many seeds each broken rule gets at most.
 */
class MutationsTest {

    // Not below the agents' loggers, which are off.
    private static final Logger LOGGER = LoggerFactory.getLogger("simulator");
    private static final int SEEDS = Integer.getInteger("moha.sim.mutants", 400);

    private static final int BATCH = 8;

    @BeforeAll
    static void quiet() {
        AgentLog.off();
    }

    @AfterAll
    static void loud() {
        AgentLog.on();
    }

    @Test
    void everyBrokenRuleIsNoticed() {
        List<String> missed = new ArrayList<>();
        for (Mutations mutation : Mutations.values()) {
            String caught = caught(mutation);
            LOGGER.atInfo()
                    .addKeyValue("broken", mutation)
                    .log("noticed: {}", caught.isEmpty() ? "not at all" : caught);
            if (caught.isEmpty()) {
                missed.add(mutation.name());
            }
        }
        assertTrue(missed.isEmpty(), "not noticed within " + SEEDS + " seeds: " + missed);
    }

    /** Which seed, counted from 1, noticed first, and by which invariant; empty when none did. */
    private static String caught(Mutation mutation) {
        for (long first = 0; first < SEEDS; first += BATCH) {
            List<SimRun.Outcome> broken =
                    LongStream.range(first, first + BATCH)
                            .parallel()
                            .mapToObj(seed -> new SimRun(seed, mutation, false).run())
                            .filter(outcome -> outcome.broken() != null)
                            // A run that is not good unbroken either proves nothing.
                            .filter(outcome -> isGoodUnbroken(outcome.seed()))
                            .toList();
            if (!broken.isEmpty()) {
                SimRun.Outcome outcome = broken.getFirst();
                return "seed %d by %s".formatted(outcome.seed() + 1, outcome.invariant());
            }
        }
        return "";
    }

    private static boolean isGoodUnbroken(long seed) {
        return new SimRun(seed, Mutation.NONE, false).run().broken() == null;
    }
}
