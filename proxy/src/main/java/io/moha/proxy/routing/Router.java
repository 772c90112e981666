package io.moha.proxy.routing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Picks the server for a new connection. The same picture and the same load give the same answer,
 * but for equals, which are taken in turn. Thread-safe.
 */
public final class Router {

    private final long maxLagMs;
    private final boolean primaryWhenNoReplica;
    private final ServerLoad load;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * @param maxLag replicas that lag more get no new connections
     * @param primaryWhenNoReplica whether reads go to the primary when no replica is healthy
     * @param load what decides among healthy replicas
     */
    public Router(Duration maxLag, boolean primaryWhenNoReplica, ServerLoad load) {
        this.maxLagMs = maxLag.toMillis();
        this.primaryWhenNoReplica = primaryWhenNoReplica;
        this.load = load;
    }

    /** Where a connection of {@code route} goes in the picture {@code table}. */
    public RouteDecision decide(Route route, RoutingTable table) {
        return decide(route, table, backend -> true);
    }

    /**
     * Where a connection of {@code route} goes.
     *
     * @param usable says no to a replica that was just tried in vain; never asked about the primary
     */
    public RouteDecision decide(Route route, RoutingTable table, Predicate<Backend> usable) {
        return switch (route) {
            // Until reads are told from writes, only the primary is right for both.
            case PRIMARY, SPLIT -> toPrimary(table);
            case REPLICA -> toReplica(table, usable);
        };
    }

    private static RouteDecision toPrimary(RoutingTable table) {
        Backend primary = table.servingPrimary();
        return primary == null
                ? new RouteDecision.Hold(table.reason())
                : new RouteDecision.To(primary);
    }

    private RouteDecision toReplica(RoutingTable table, Predicate<Backend> usable) {
        Backend best = leastBusy(table, usable);
        if (best != null) {
            return new RouteDecision.To(best);
        }
        if (table.epoch() == 0) {
            return new RouteDecision.Hold(table.reason());
        }
        return primaryWhenNoReplica
                ? toPrimary(table)
                : new RouteDecision.Refuse("no healthy replica");
    }

    private @Nullable Backend leastBusy(RoutingTable table, Predicate<Backend> usable) {
        int count = table.replicas().size();
        int first = count == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
        Backend best = null;
        int bestConnections = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            Replica replica = table.replicas().get((first + i) % count);
            int connections = load.connections(replica.backend().node());
            if (connections < bestConnections
                    && isHealthy(replica, table)
                    && usable.test(replica.backend())) {
                best = replica.backend();
                bestConnections = connections;
            }
        }
        return best;
    }

    /** Whether {@code replica} is current enough for new connections. */
    public boolean isHealthy(Replica replica, RoutingTable table) {
        if (!replica.applying()) {
            return false;
        }
        // Without a primary nothing can be received and no lag measured: the replica has all there
        // is, and reads go on.
        if (table.state() == PrimaryState.NONE) {
            return replica.lagMs() <= maxLagMs;
        }
        return replica.receiving() && replica.lagMs() >= 0 && replica.lagMs() <= maxLagMs;
    }
}
