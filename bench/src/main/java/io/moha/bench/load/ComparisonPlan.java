package io.moha.bench.load;

import java.time.Duration;
import java.util.List;

/**
 * What a comparison does.
 *
 * @param workloads in this order
 * @param threads numbers of connections
 * @param rounds how often each peer does each workload
 * @param duration of one measurement
 * @param warmUp how long each JVM does each workload beforehand
 */
record ComparisonPlan(
        List<Workload> workloads,
        List<Integer> threads,
        int rounds,
        Duration duration,
        Duration warmUp) {

    /** Copies the lists. */
    ComparisonPlan {
        workloads = List.copyOf(workloads);
        threads = List.copyOf(threads);
    }
}
