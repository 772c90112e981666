/**
 * What a proxy costs under load: the same sysbench work sent to a MySQL server directly, through
 * HAProxy, through the bare relay and through the proxy, in interleaved rounds of one run. Reported
 * are throughput, latency and the proxy process's own CPU time, as ratios within the run.
 */
@NullMarked
package io.moha.bench.load;

import org.jspecify.annotations.NullMarked;
