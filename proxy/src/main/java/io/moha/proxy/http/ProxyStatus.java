package io.moha.proxy.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxy as {@code /status} shows it.
 *
 * @param cluster which it serves
 * @param proxy its id
 * @param build version of the program
 * @param readyForWrites whether a new client can write
 * @param readyForReads whether a new client can read
 * @param draining whether new clients are no longer taken
 * @param epoch the leadership period it routes by
 * @param primaryState what may be sent to the primary
 * @param primary id of the primary; null when there is none
 * @param reason why the primary is in this state
 * @param doubt why the store's word is not believed; empty when it is
 * @param topologyAgeMs milliseconds since etcd last answered; null when it never did
 * @param sessions clients that are logged in
 * @param held of these, how many wait for a primary
 * @param replicas those that reads may go to, and those that may not
 */
record ProxyStatus(
        String cluster,
        String proxy,
        String build,
        boolean readyForWrites,
        boolean readyForReads,
        boolean draining,
        long epoch,
        String primaryState,
        @Nullable String primary,
        String reason,
        String doubt,
        @Nullable Long topologyAgeMs,
        int sessions,
        int held,
        List<ReplicaStatus> replicas) {

    /**
     * One replica.
     *
     * @param node its id
     * @param healthy whether new reads go to it
     * @param lagMs its lag in milliseconds; negative when unknown
     * @param connections this proxy's connections to it
     */
    record ReplicaStatus(String node, boolean healthy, long lagMs, int connections) {}
}
