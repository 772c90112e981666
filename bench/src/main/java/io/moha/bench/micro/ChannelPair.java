package io.moha.bench.micro;

import io.moha.bench.relay.RelayHandler;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.config.HoldConfig;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.Router;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.moha.proxy.session.SessionDependencies;
import io.moha.proxy.session.SessionFactory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The two channels of one client, in memory, and what joins them.
 *
 * @param client the client's
 * @param server the server's
 */
record ChannelPair(EmbeddedChannel client, EmbeddedChannel server) {

    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("n1", 3306);
    private static final Backend PRIMARY = new Backend("n1", NOWHERE, 1, Backend.Role.PRIMARY);
    private static final int AUTOCOMMIT = 2;

    /** Joined by the bare relay. */
    static ChannelPair relay() {
        ChannelPair pair = new ChannelPair(new EmbeddedChannel(), new EmbeddedChannel());
        pair.client.pipeline().addLast(new RelayHandler(pair.server));
        pair.server.pipeline().addLast(new RelayHandler(pair.client));
        return pair;
    }

    /** Joined by a session of the proxy, whose client asked for no session tracking. */
    static ChannelPair session() {
        ChannelPair pair = new ChannelPair(new EmbeddedChannel(), new EmbeddedChannel());
        int clientCapabilities = SampleBytes.CAPABILITIES & ~SampleBytes.SESSION_TRACK;
        ClientLogin login =
                new ClientLogin(
                        1,
                        "app",
                        null,
                        clientCapabilities,
                        45,
                        "sbtest",
                        ConnectAttributes.NONE,
                        NOWHERE,
                        false);
        BackendConnection connection =
                new BackendConnection(
                        pair.server,
                        PRIMARY,
                        SampleBytes.CAPABILITIES,
                        1,
                        "9.7.4",
                        false,
                        OkPacket.of(AUTOCOMMIT));
        new SessionFactory(dependencies()).start(pair.client, login, Route.PRIMARY, connection);
        pair.answerSettings();
        return pair;
    }

    /** The client sends {@code bytes}; gives how many the server got. */
    int toServer(ByteBuf bytes) {
        client.writeInbound(bytes.retainedDuplicate());
        return drain(server);
    }

    /** The server sends {@code bytes}; gives how many the client got. */
    int toClient(ByteBuf bytes) {
        server.writeInbound(bytes.retainedDuplicate());
        return drain(client);
    }

    /** The session's own settings go out with the first command; their answers must not remain. */
    private void answerSettings() {
        ByteBuf query = SampleBytes.pointQuery();
        ByteBuf result = SampleBytes.pointResult();
        ByteBuf ok = SampleBytes.ok();
        toServer(query);
        toClient(ok);
        if (toClient(result) != result.readableBytes()) {
            throw new IllegalStateException("the session does not forward");
        }
        query.release();
        result.release();
        ok.release();
    }

    private static int drain(EmbeddedChannel channel) {
        int bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    private static SessionDependencies dependencies() {
        return new SessionDependencies(
                new FixedRouting(),
                new Router(Duration.ofSeconds(5), true, backend -> 0),
                (loop, backend, request, listener) -> {
                    throw new IllegalStateException("nothing moves here");
                },
                (client, login, server, command, listener) -> {
                    throw new IllegalStateException("nobody changes here");
                },
                new HoldConfig(Duration.ofSeconds(10), 10, 1 << 20));
    }

    /** One primary, for ever. */
    private static final class FixedRouting implements Routing {

        private final RoutingTable table =
                new RoutingTable(1, PrimaryState.SERVING, PRIMARY, List.of(), "9.7.4", "fixed");

        @Override
        public RoutingTable current() {
            return table;
        }

        @Override
        public Registration subscribe(EventLoop loop, Consumer<RoutingTable> onChange) {
            return () -> {};
        }

        @Override
        public void suspect(Backend backend) {}
    }
}
