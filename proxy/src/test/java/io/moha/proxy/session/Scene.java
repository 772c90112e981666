package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.wire.PacketHeader;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.config.HoldConfig;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.move.TrackerSettings;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.ConnectionCounts;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.Router;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * One session between a client and the servers it comes to, all of them played by the test: what a
 * side has got is asked for as a list of short texts, one a packet.
 */
final class Scene implements AutoCloseable {

    static final int CAPABILITIES = Capability.PROTOCOL_41 | Capability.DEPRECATE_EOF;
    static final Duration MAX_WAIT = Duration.ofSeconds(10);

    final TestRouting routing = new TestRouting();
    final EmbeddedChannel client = new EmbeddedChannel();
    final SessionFactory factory;

    /** The server that the session came to last. */
    EmbeddedChannel server = new EmbeddedChannel();

    private final List<EmbeddedChannel> servers = new ArrayList<>();
    private final Queue<BackendLoginListener> logins = new ArrayDeque<>();
    private final Queue<Backend> targets = new ArrayDeque<>();

    /** The session is on node a, whose leadership period is 1, and has sent nothing yet. */
    Scene() {
        this(CAPABILITIES);
    }

    Scene(int capabilities) {
        this(capabilities, SessionDependencies.Endings.DEFAULT);
    }

    Scene(int capabilities, SessionDependencies.Endings endings) {
        this(capabilities, endings, ConnectAttributes.NONE);
    }

    Scene(int capabilities, SessionDependencies.Endings endings, ConnectAttributes attributes) {
        routing.serving("a", 1);
        BackendConnector connector =
                (loop, target, request, listener) -> {
                    targets.add(target);
                    logins.add(listener);
                    return () -> logins.remove(listener);
                };
        Router router = new Router(Duration.ofSeconds(5), true, new ConnectionCounts());
        factory =
                new SessionFactory(
                        new SessionDependencies(
                                routing,
                                router,
                                connector,
                                (_, _, _, _, _) -> {
                                    throw new IllegalStateException("not played here");
                                },
                                new HoldConfig(MAX_WAIT, 100, 1 << 20),
                                endings));
        ClientLogin login =
                new ClientLogin(
                        1L << 30,
                        "app",
                        Credentials.EMPTY,
                        capabilities,
                        255,
                        null,
                        attributes,
                        InetSocketAddress.createUnresolved("client", 1),
                        false);
        factory.start(client, login, Route.PRIMARY, connection("a", 1));
        // The settings of trackers go out with the first command; here at once.
        client.pipeline().fireChannelReadComplete();
        serverSays(Wire.ok(Wire.AUTOCOMMIT), Wire.ok(Wire.AUTOCOMMIT));
        commands();
        served();
    }

    private BackendConnection connection(String node, long epoch) {
        server = new EmbeddedChannel();
        servers.add(server);
        return new BackendConnection(
                server,
                TestRouting.primary(node, epoch),
                CAPABILITIES | Capability.SESSION_TRACK,
                7,
                "9.7.0",
                false,
                OkPacket.of(Wire.AUTOCOMMIT));
    }

    /** The client sends; the session reads each as one buffer, then sees the end of the read. */
    void clientSays(ByteBuf... buffers) {
        for (ByteBuf buffer : buffers) {
            client.pipeline().fireChannelRead(buffer);
        }
        client.pipeline().fireChannelReadComplete();
    }

    /** As {@link #clientSays}, for the server the session is on. */
    void serverSays(ByteBuf... buffers) {
        for (ByteBuf buffer : buffers) {
            server.pipeline().fireChannelRead(buffer);
        }
        server.pipeline().fireChannelReadComplete();
    }

    /** The next login that the session tries succeeds, and all that is restored there, too. */
    void serverAccepts(String node, long epoch) {
        BackendLoginListener listener = logins.remove();
        targets.remove();
        listener.onReady(connection(node, epoch));
    }

    /** Answers what the session restores on a new server. */
    List<String> restored(ByteBuf... answers) {
        List<String> steps = new ArrayList<>(commands());
        boolean cleared = steps.removeIf(step -> step.contains(TrackerSettings.CLEAR_WARNINGS));
        assert cleared : "warnings of the settings would stay";
        serverSays(Wire.ok(Wire.AUTOCOMMIT));
        serverSays(answers);
        return steps;
    }

    /** The next login finds nobody. */
    void serverIsUnreachable() {
        targets.remove();
        logins.remove().onUnreachable(new ConnectException("test"));
    }

    /** Where the session is trying to log in. */
    List<String> attempts() {
        return targets.stream().map(target -> target.node() + target.epoch()).toList();
    }

    /** What the server has got since the last time. */
    List<String> commands() {
        return packets(server);
    }

    /** How many bytes the server has got since the last time, of commands in pieces, too. */
    int commandBytes() {
        if (server.isOpen()) {
            server.flushOutbound();
        }
        int bytes = 0;
        for (ByteBuf out = server.readOutbound(); out != null; out = server.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    /** What the client has got since the last time. */
    List<String> served() {
        return packets(client);
    }

    private static List<String> packets(EmbeddedChannel channel) {
        List<String> texts = new ArrayList<>();
        if (channel.isOpen()) {
            channel.flushOutbound();
        }
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            while (out.isReadable()) {
                int length = PacketHeader.payloadLength(out, out.readerIndex());
                int sequence = PacketHeader.sequence(out, out.readerIndex());
                out.skipBytes(PacketHeader.SIZE);
                texts.add(sequence + " " + describe(out.readSlice(length)));
            }
            out.release();
        }
        return texts;
    }

    private static String describe(ByteBuf payload) {
        int first = payload.getUnsignedByte(0);
        int length = payload.readableBytes();
        if (first == 0xFF) {
            return "ERR " + payload.getUnsignedShortLE(1) + " " + payload.toString(4, 5, UTF_8);
        }
        if ((first == 0x00 && length == 7) || first == 0xFE) {
            return "OK " + payload.getUnsignedShortLE(3);
        }
        Command command = Command.of(first);
        return switch (command) {
            case QUERY, STMT_PREPARE -> command + " " + payload.toString(1, length - 1, UTF_8);
            case STMT_EXECUTE, STMT_CLOSE ->
                    command + " " + payload.getUnsignedIntLE(1) + " length " + length;
            case PING, QUIT -> command.toString();
            default -> Arrays.toString(ByteBufUtil.getBytes(payload));
        };
    }

    boolean clientIsOpen() {
        client.runPendingTasks();
        return client.isOpen();
    }

    @Override
    public void close() {
        client.finishAndReleaseAll();
        servers.forEach(EmbeddedChannel::finishAndReleaseAll);
    }
}
