package io.moha.proxy.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One whole picture of the cluster. A reader takes one reference and works with it to the end.
 *
 * @param epoch the leadership period; 0 before the first picture
 * @param state what may be sent to the primary
 * @param primary the primary; null exactly when {@code state} is NONE
 * @param replicas every server that says it replicates, healthy or not, by node id
 * @param serverVersion the lowest MySQL version in the cluster, to be announced to clients; null
 *     until a node was heard
 * @param reason why the primary is in this state, for people
 */
public record RoutingTable(
        long epoch,
        PrimaryState state,
        @Nullable Backend primary,
        List<Replica> replicas,
        @Nullable String serverVersion,
        String reason) {

    /** The picture before anything was heard from the store. */
    public static final RoutingTable UNKNOWN =
            new RoutingTable(
                    0, PrimaryState.NONE, null, List.of(), null, "nothing heard from etcd yet");

    /** Copies the list; refuses a primary without a state that allows one, and the reverse. */
    public RoutingTable {
        replicas = List.copyOf(replicas);
        if ((primary == null) != (state == PrimaryState.NONE)) {
            throw new IllegalArgumentException("state " + state + " with primary " + primary);
        }
    }

    /** The primary when new work may be sent to it, else null. */
    public @Nullable Backend servingPrimary() {
        return state == PrimaryState.SERVING ? primary : null;
    }

    /** The same picture, but that nothing may begin on the primary for the time being. */
    public RoutingTable holdingWrites() {
        return state == PrimaryState.SERVING
                ? new RoutingTable(
                        epoch,
                        PrimaryState.SWITCHING,
                        primary,
                        replicas,
                        serverVersion,
                        "an operator holds writes on this proxy")
                : this;
    }

    /**
     * Whether work may still be sent over a connection that was opened to {@code backend}: for a
     * primary only in the same leadership period, for a replica as long as it is one.
     */
    public boolean stillValid(Backend backend) {
        if (backend.role() == Backend.Role.PRIMARY) {
            return primary != null
                    && primary.epoch() == backend.epoch()
                    && primary.isSamePlace(backend);
        }
        Replica found = replica(backend.node());
        return found != null && found.backend().isSamePlace(backend);
    }

    /** The replica of this id, or null. */
    public @Nullable Replica replica(String node) {
        for (Replica replica : replicas) {
            if (replica.backend().node().equals(node)) {
                return replica;
            }
        }
        return null;
    }
}
