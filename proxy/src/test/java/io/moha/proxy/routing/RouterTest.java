package io.moha.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {

    private final Map<String, Integer> connections = new HashMap<>();

    private final Router router = router(true);

    private Router router(boolean primaryWhenNoReplica) {
        return new Router(
                Duration.ofSeconds(5),
                primaryWhenNoReplica,
                node -> connections.getOrDefault(node, 0));
    }

    private static Backend backend(String node, Backend.Role role) {
        return new Backend(node, InetSocketAddress.createUnresolved(node, 3306), 7, role);
    }

    private static Replica replica(String node, long lagMs) {
        return new Replica(backend(node, Backend.Role.REPLICA), true, true, lagMs);
    }

    private static RoutingTable table(PrimaryState state, Replica... replicas) {
        Backend primary = state == PrimaryState.NONE ? null : backend("n1", Backend.Role.PRIMARY);
        return new RoutingTable(7, state, primary, List.of(replicas), "9.7.4", "why");
    }

    private static RouteDecision to(String node, Backend.Role role) {
        return new RouteDecision.To(backend(node, role));
    }

    @Test
    void writesGoToTheServingPrimary() {
        RoutingTable table = table(PrimaryState.SERVING, replica("n2", 0));

        assertThat(router.decide(Route.PRIMARY, table)).isEqualTo(to("n1", Backend.Role.PRIMARY));
        assertThat(router.decide(Route.SPLIT, table)).isEqualTo(to("n1", Backend.Role.PRIMARY));
    }

    @Test
    void writesAreHeldWhileThereIsNoPrimaryOrItSwitches() {
        assertThat(router.decide(Route.PRIMARY, table(PrimaryState.NONE)))
                .isEqualTo(new RouteDecision.Hold("why"));
        assertThat(router.decide(Route.PRIMARY, table(PrimaryState.SWITCHING)))
                .isEqualTo(new RouteDecision.Hold("why"));
    }

    @Test
    void readsGoToTheReplicaWithTheFewestConnections() {
        connections.put("n2", 3);
        connections.put("n3", 2);
        RoutingTable table = table(PrimaryState.SERVING, replica("n2", 0), replica("n3", 0));

        assertThat(router.decide(Route.REPLICA, table)).isEqualTo(to("n3", Backend.Role.REPLICA));
    }

    @Test
    void equallyBusyReplicasAreTakenInTurn() {
        RoutingTable table = table(PrimaryState.SERVING, replica("n2", 0), replica("n3", 0));

        assertThat(
                        List.of(
                                router.decide(Route.REPLICA, table),
                                router.decide(Route.REPLICA, table)))
                .containsExactlyInAnyOrder(
                        to("n2", Backend.Role.REPLICA), to("n3", Backend.Role.REPLICA));
    }

    @Test
    void aReplicaThatLagsStoppedOrCannotTellGetsNothing() {
        Backend place = backend("n3", Backend.Role.REPLICA);
        RoutingTable table =
                table(
                        PrimaryState.SERVING,
                        replica("n2", 5001),
                        new Replica(place, false, true, 0),
                        new Replica(place, true, false, 0),
                        new Replica(place, true, true, -1));

        assertThat(router.decide(Route.REPLICA, table)).isEqualTo(to("n1", Backend.Role.PRIMARY));
    }

    @Test
    void readsGoOnOnReplicasThatReceiveNothingWhileThereIsNoPrimary() {
        Replica cutOff = new Replica(backend("n2", Backend.Role.REPLICA), true, false, -1);

        assertThat(router.decide(Route.REPLICA, table(PrimaryState.NONE, cutOff)))
                .isEqualTo(to("n2", Backend.Role.REPLICA));
    }

    @Test
    void readsAreRefusedWithoutReplicaIfConfiguredSo() {
        assertThat(router(false).decide(Route.REPLICA, table(PrimaryState.SERVING)))
                .isEqualTo(new RouteDecision.Refuse("no healthy replica"));
    }

    @Test
    void readsWaitForTheFirstPictureInsteadOfBeingRefused() {
        assertThat(router(false).decide(Route.REPLICA, RoutingTable.UNKNOWN))
                .isInstanceOf(RouteDecision.Hold.class);
    }

    @Test
    void aReplicaJustTriedInVainIsLeftOut() {
        RoutingTable table = table(PrimaryState.SERVING, replica("n2", 0), replica("n3", 0));

        assertThat(router.decide(Route.REPLICA, table, backend -> !backend.node().equals("n2")))
                .isEqualTo(to("n3", Backend.Role.REPLICA));
    }

    @Test
    void aPrimaryConnectionIsValidOnlyInItsOwnEpoch() {
        RoutingTable table = table(PrimaryState.SERVING, replica("n2", 0));
        Backend primary = backend("n1", Backend.Role.PRIMARY);
        Backend before = new Backend("n1", primary.address(), 6, Backend.Role.PRIMARY);
        Backend replica = backend("n2", Backend.Role.REPLICA);
        Backend replicaBefore = new Backend("n2", replica.address(), 6, Backend.Role.REPLICA);

        assertThat(table.stillValid(primary)).isTrue();
        assertThat(table.stillValid(before)).isFalse();
        assertThat(table.stillValid(replicaBefore)).isTrue();
        assertThat(table(PrimaryState.SERVING).stillValid(replica)).isFalse();
    }
}
