package io.moha.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code moha status} tells, and {@code --json} prints: field names are an interface.
 *
 * @param cluster name of the cluster's root in etcd
 * @param primary id of the node that serves writes; null when none does
 * @param epoch of the present leadership; 0 before the first
 * @param state of the leader record, or NONE
 * @param reason why the leadership is as it is, for people
 * @param paused whether maintenance mode is on
 * @param durability whose acknowledgements count; null before bootstrap
 * @param switchover the switchover under way; null when none is
 * @param nodes by id
 * @param proxies by id
 */
record StatusReport(
        String cluster,
        @Nullable String primary,
        long epoch,
        String state,
        String reason,
        boolean paused,
        @Nullable Durability durability,
        @Nullable Switchover switchover,
        List<Node> nodes,
        List<Proxy> proxies) {

    /** What an acknowledged commit is worth: it is on {@code acks} of {@code ackers} when SYNC. */
    record Durability(String mode, int acks, List<String> ackers) {}

    /** A switchover under way. */
    record Switchover(@Nullable String from, @Nullable String to, String phase) {}

    /**
     * One node.
     *
     * @param id of the node
     * @param role primary, replica, transition, quarantined, down, or gone (no live agent)
     * @param reason why it is in that role
     * @param address of its MySQL
     * @param http of its agent
     * @param zone where it stands
     * @param version of its MySQL
     * @param lagMs replication lag; null when unknown or not a replica
     * @param behind transactions of the primary that it has not executed; null when unknown
     * @param receiving whether it receives; null when not a replica
     * @param applying whether it applies; null when not a replica
     * @param acker whether its acknowledgement counts
     * @param priority for promotion, larger first
     * @param promotable whether it may be promoted now
     * @param whyNot why it may not; empty when it may
     * @param error last replication or server error; empty when none
     */
    record Node(
            String id,
            String role,
            String reason,
            String address,
            String http,
            String zone,
            String version,
            @Nullable Long lagMs,
            @Nullable Long behind,
            @Nullable Boolean receiving,
            @Nullable Boolean applying,
            boolean acker,
            int priority,
            boolean promotable,
            String whyNot,
            String error) {}

    /**
     * One proxy.
     *
     * @param id of the proxy
     * @param listeners host:port by name
     * @param admin host:port of its admin SQL
     * @param http host:port of its HTTP
     * @param reachable whether its HTTP answered
     * @param status what it answered at /status; null when it did not
     */
    record Proxy(
            String id,
            Map<String, String> listeners,
            String admin,
            String http,
            boolean reachable,
            @Nullable JsonNode status) {}
}
