package io.moha.bench.load;

/**
 * What one peer did in one round.
 *
 * @param key which peer did which work
 * @param round from 0
 * @param unitsPerSecond queries, results or cycles
 * @param p50 latency of an event in milliseconds that half of the events did not exceed
 * @param p95 the same for 95 of 100 events
 * @param p99 the same for 99 of 100 events
 * @param cpuMicros the peer process's own CPU time for one unit, in microseconds; 0 for direct
 * @param errors how many errors sysbench met
 */
record Sample(
        Key key,
        int round,
        double unitsPerSecond,
        double p50,
        double p95,
        double p99,
        double cpuMicros,
        long errors) {

    /**
     * Which peer did which work.
     *
     * @param workload the work
     * @param threads with how many connections
     * @param peer the name of the way
     */
    record Key(Workload workload, int threads, String peer) {

        /** The same work done by another peer. */
        Key by(String other) {
            return new Key(workload, threads, other);
        }
    }
}
