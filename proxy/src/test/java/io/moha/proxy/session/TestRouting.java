package io.moha.proxy.session;

import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A picture that the test paints; subscribers hear of it at once. */
final class TestRouting implements Routing {

    private final List<Consumer<RoutingTable>> subscribers = new ArrayList<>();
    private RoutingTable table = RoutingTable.UNKNOWN;
    private int suspicions;

    static Backend primary(String node, long epoch) {
        InetSocketAddress address = InetSocketAddress.createUnresolved(node, 3306);
        return new Backend(node, address, epoch, Backend.Role.PRIMARY);
    }

    void serving(String node, long epoch) {
        show(epoch, PrimaryState.SERVING, primary(node, epoch));
    }

    void switching(String node, long epoch) {
        show(epoch, PrimaryState.SWITCHING, primary(node, epoch));
    }

    void nobody(long epoch) {
        table = new RoutingTable(epoch, PrimaryState.NONE, null, List.of(), "9.7.0", "test");
        tell();
    }

    private void show(long epoch, PrimaryState state, Backend primary) {
        table = new RoutingTable(epoch, state, primary, List.of(), "9.7.0", "test");
        tell();
    }

    private void tell() {
        List.copyOf(subscribers).forEach(subscriber -> subscriber.accept(table));
    }

    int suspicions() {
        return suspicions;
    }

    @Override
    public RoutingTable current() {
        return table;
    }

    @Override
    public Registration subscribe(EventLoop loop, Consumer<RoutingTable> onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    @Override
    public void suspect(Backend backend) {
        suspicions++;
    }
}
