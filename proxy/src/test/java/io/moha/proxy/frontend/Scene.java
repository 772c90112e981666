package io.moha.proxy.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.flags.Capability;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.HandshakeResponse41;
import io.moha.protocol.packet.HandshakeV10;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.config.TlsConfig;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RouteDecision;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.moha.proxy.tls.PasswordKeys;
import io.moha.proxy.tls.TlsToClients;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A proxy with one server that does what the test says, and one client on an embedded channel. */
final class Scene implements Routing, BackendConnector, SessionStarter, LoginObserver {

    static final Backend PRIMARY =
            new Backend(
                    "n1", InetSocketAddress.createUnresolved("n1", 3306), 1, Backend.Role.PRIMARY);
    static final RoutingTable SERVING = table(PrimaryState.SERVING, PRIMARY);
    static final RoutingTable NEXT_SERVING =
            new RoutingTable(
                    2,
                    PrimaryState.SERVING,
                    new Backend(
                            "n2",
                            InetSocketAddress.createUnresolved("n2", 3306),
                            2,
                            Backend.Role.PRIMARY),
                    List.of(),
                    "9.7.4",
                    "test");
    static final RoutingTable NO_PRIMARY = table(PrimaryState.NONE, null);
    static final Duration LOGIN_LIMIT = Duration.ofSeconds(10);
    static final Duration HOLD_LIMIT = Duration.ofSeconds(5);

    final CredentialCache cache = new CredentialCache(10, Duration.ofHours(1));
    final List<LoginFailure> failures = new ArrayList<>();
    final List<LoginPath> paths = new ArrayList<>();
    final List<ClientLogin> sessions = new ArrayList<>();
    final List<Consumer<RoutingTable>> subscribers = new ArrayList<>();
    RoutingTable picture = SERVING;
    @Nullable BackendLoginRequest request;
    @Nullable BackendLoginListener server;
    boolean abandoned;
    @Nullable EmbeddedChannel client;
    int nextSequence;

    private static RoutingTable table(PrimaryState state, @Nullable Backend primary) {
        return new RoutingTable(1, state, primary, List.of(), "9.7.4", "test");
    }

    LoginServices services(TlsConfig.Mode clients) {
        TlsConfig config = new TlsConfig(null, null, null, clients, TlsConfig.Mode.DISABLED);
        try {
            // Certificates and keys are never made: their executor does nothing.
            return new LoginServices(
                    new LoginServices.Servers(this, Scene::choose, this),
                    new LoginServices.Secrets(
                            TlsToClients.start(config, null, _ -> {}),
                            PasswordKeys.start(null, Runnable::run),
                            cache),
                    new LoginServices.Limits(LOGIN_LIMIT, HOLD_LIMIT),
                    new ConnectionIds(0, 0),
                    this,
                    this);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static RouteDecision choose(Route route, RoutingTable table) {
        Backend primary = table.servingPrimary();
        return primary == null
                ? new RouteDecision.Hold("no writable primary")
                : new RouteDecision.To(primary);
    }

    /** Connects the client. */
    void connect(TlsConfig.Mode clients) {
        client = new EmbeddedChannel(new FrontendInitializer(services(clients), Route.PRIMARY));
    }

    EmbeddedChannel client() {
        if (client == null) {
            throw new AssertionError("not connected");
        }
        return client;
    }

    /** The next packet's payload that the client got; it is unpooled and needs no release. */
    ByteBuf received() {
        ByteBuf packet = client().readOutbound();
        if (packet == null) {
            throw new AssertionError("the client got nothing");
        }
        nextSequence = PacketHeader.sequence(packet, 0) + 1;
        byte[] bytes = new byte[packet.readableBytes() - PacketHeader.SIZE];
        packet.getBytes(PacketHeader.SIZE, bytes);
        packet.release();
        return Unpooled.wrappedBuffer(bytes);
    }

    HandshakeV10 greeting() {
        return HandshakeV10.decode(received());
    }

    /** The client sends one packet. */
    void send(Consumer<ByteBuf> payload) {
        ByteBuf packet = client().alloc().buffer();
        PacketWriter.write(packet, nextSequence++, payload);
        client().writeInbound(packet);
    }

    /** The client answers the greeting as the mysql command line does. */
    void answer(HandshakeV10 greeting, String user, String password) {
        answer(
                greeting,
                user,
                CachingSha2Password.NAME,
                proof(password, greeting.nonce()),
                "libmysql");
    }

    void answer(
            HandshakeV10 greeting, String user, String plugin, Octets proof, String clientName) {
        int capabilities =
                greeting.capabilities()
                        & ~(Capability.SSL | Capability.CONNECT_WITH_DB | Capability.NO_SCHEMA);
        send(
                new HandshakeResponse41(
                                capabilities,
                                0,
                                255,
                                user,
                                proof,
                                null,
                                plugin,
                                ConnectAttributes.NONE.plus(Map.of("_client_name", clientName)))
                        ::encode);
    }

    static Octets proof(String password, Octets nonce) {
        return CachingSha2Password.proof(password.getBytes(UTF_8), nonce);
    }

    /** The server accepts. */
    void accept() {
        server().onReady(
                        new BackendConnection(
                                new EmbeddedChannel(),
                                PRIMARY,
                                0,
                                7,
                                "9.7.4",
                                false,
                                OkPacket.of(2)));
    }

    BackendLoginListener server() {
        if (server == null) {
            throw new AssertionError("the server was not asked");
        }
        return server;
    }

    BackendLoginRequest request() {
        if (request == null) {
            throw new AssertionError("the server was not asked");
        }
        return request;
    }

    void publish(RoutingTable table) {
        picture = table;
        List.copyOf(subscribers).forEach(each -> each.accept(table));
    }

    @Override
    public RoutingTable current() {
        return picture;
    }

    @Override
    public Registration subscribe(EventLoop loop, Consumer<RoutingTable> onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    @Override
    public void suspect(Backend backend) {}

    @Override
    public Attempt connect(
            EventLoop loop,
            Backend target,
            BackendLoginRequest asked,
            BackendLoginListener listener) {
        request = asked;
        server = listener;
        return () -> abandoned = true;
    }

    @Override
    public void start(Channel channel, ClientLogin login, Route route, BackendConnection backend) {
        sessions.add(login);
    }

    @Override
    public void onLogin(LoginPath path) {
        paths.add(path);
    }

    @Override
    public void onFailure(LoginFailure failure) {
        failures.add(failure);
    }
}
