package io.moha.proxy.http;

import io.moha.proxy.admin.ProxyControl;
import io.moha.proxy.routing.Replica;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RouteDecision;
import io.moha.proxy.routing.Router;
import io.moha.proxy.routing.RoutingTable;
import io.moha.proxy.routing.ServerLoad;
import io.moha.proxy.topology.TopologyWatcher;
import java.time.Duration;
import java.util.List;

/** Puts {@link ProxyStatus} together. Thread-safe. */
public final class StatusSource {

    private final Identity identity;
    private final TopologyWatcher topology;
    private final Router router;
    private final ServerLoad load;
    private final ProxyControl proxy;

    /**
     * Which proxy this is.
     *
     * @param cluster name of the cluster
     * @param proxy its id
     * @param build version of the program
     */
    public record Identity(String cluster, String proxy, String build) {}

    /**
     * @param identity which proxy this is
     * @param router decides what a new client would get
     * @param load connections to each server
     */
    public StatusSource(
            Identity identity,
            TopologyWatcher topology,
            Router router,
            ServerLoad load,
            ProxyControl proxy) {
        this.identity = identity;
        this.topology = topology;
        this.router = router;
        this.load = load;
        this.proxy = proxy;
    }

    /** Whether a new client of {@code route} would be connected at once. */
    public boolean ready(Route route) {
        return !proxy.draining()
                && router.decide(route, topology.current()) instanceof RouteDecision.To;
    }

    ProxyStatus status() {
        RoutingTable table = topology.current();
        Duration age = topology.age();
        return new ProxyStatus(
                identity.cluster(),
                identity.proxy(),
                identity.build(),
                ready(Route.PRIMARY),
                ready(Route.REPLICA),
                proxy.draining(),
                table.epoch(),
                table.state().toString(),
                table.primary() == null ? null : table.primary().node(),
                table.reason(),
                topology.view().doubt(),
                age == null ? null : age.toMillis(),
                proxy.sessionCount(),
                proxy.heldCount(),
                replicas(table));
    }

    private List<ProxyStatus.ReplicaStatus> replicas(RoutingTable table) {
        return table.replicas().stream().map(replica -> replica(replica, table)).toList();
    }

    private ProxyStatus.ReplicaStatus replica(Replica replica, RoutingTable table) {
        String node = replica.backend().node();
        return new ProxyStatus.ReplicaStatus(
                node, router.isHealthy(replica, table), replica.lagMs(), load.connections(node));
    }
}
