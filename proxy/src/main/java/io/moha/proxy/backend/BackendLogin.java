package io.moha.proxy.backend;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.HandshakeResponse41;
import io.moha.protocol.packet.HandshakeV10;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.packet.SslRequest;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.tls.TlsToServers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in to a server on a fresh channel, then removes itself and tells its listener.
 *
 * <pre>
 * greeting -> [SSLRequest, TLS handshake] -> HandshakeResponse41 -> authentication -> OK or ERR
 * </pre>
 */
final class BackendLogin extends ChannelInboundHandlerAdapter
        implements ServerAuthentication.Outcome {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackendLogin.class);

    // The longest that a server says in a login is a public key or an error.
    private static final int MAX_PAYLOAD = 0xFFFF;
    private static final int MAX_PACKET_SIZE = 0x4000_0000;

    private final Backend backend;
    private final BackendLoginRequest request;
    private final TlsToServers tls;
    private final BackendLoginListener listener;
    private final Duration timeLimit;
    private final PacketSequence sequence = new PacketSequence();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable HandshakeV10 greeting;
    private @Nullable ServerAuthentication authentication;
    private int capabilities;
    private boolean encrypted;
    private boolean ended;

    BackendLogin(
            Backend backend,
            BackendLoginRequest request,
            TlsToServers tls,
            Duration timeLimit,
            BackendLoginListener listener) {
        this.backend = backend;
        this.request = request;
        this.tls = tls;
        this.timeLimit = timeLimit;
        this.listener = listener;
    }

    /** Cuts the server's bytes into packets; stands before this handler in the pipeline. */
    PacketFrameDecoder newDecoder() {
        return new PacketFrameDecoder(MAX_PAYLOAD, sequence);
    }

    /** Closes the channel without telling the listener. */
    void abandon() {
        end();
        if (context != null) {
            context.close();
        }
    }

    private void end() {
        ended = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    /** Ends the attempt because of {@code cause}, unless it has ended. */
    void fail(Throwable cause) {
        if (!ended) {
            abandon();
            listener.onUnreachable(cause);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        if (ended) {
            added.close();
            return;
        }
        timeout =
                added.executor()
                        .schedule(
                                () -> fail(new SocketTimeoutException("no login in time")),
                                timeLimit.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) throws Exception {
        ByteBuf payload = (ByteBuf) message;
        try {
            if (ended) {
                return;
            }
            if (authentication != null) {
                authentication.onPacket(payload);
            } else if (greeting == null) {
                onGreeting(from, payload);
            } else {
                throw new MalformedPacketException("the server spoke out of turn");
            }
        } finally {
            payload.release();
        }
    }

    private void onGreeting(ChannelHandlerContext from, ByteBuf payload) throws IOException {
        if (payload.isReadable()
                && payload.getUnsignedByte(payload.readerIndex()) == ErrPacket.HEADER) {
            onErr(ErrPacket.decode(payload));
            return;
        }
        HandshakeV10 received = HandshakeV10.decode(payload);
        greeting = received;
        capabilities =
                ServerCapabilities.wanted(request.clientCapabilities(), request.schema() != null);
        int missing = capabilities & ~received.capabilities();
        if (missing != 0) {
            throw new IOException(
                    "server lacks capabilities 0x%x, which the session needs".formatted(missing));
        }
        if (tls.wantedWith(received.capabilities(), request.clientTls())) {
            capabilities |= Capability.SSL;
            LoginLink link = new LoginLink(from.channel(), sequence);
            link.send(sslRequest()::encode);
            tls.whenReady(from.executor(), sslContext -> startTls(from, sslContext), this::fail);
        } else {
            respond(from, received);
        }
    }

    private void startTls(ChannelHandlerContext from, SslContext sslContext) {
        if (ended) {
            return;
        }
        SslHandler handler = tls.newHandler(sslContext, from.alloc(), backend.address());
        from.pipeline().addFirst(TlsToServers.HANDLER_NAME, handler);
        handler.handshakeFuture()
                .addListener(
                        done -> {
                            if (!done.isSuccess()) {
                                fail(done.cause());
                            } else if (!ended && greeting != null) {
                                encrypted = true;
                                respond(from, greeting);
                            }
                        });
    }

    private void respond(ChannelHandlerContext from, HandshakeV10 received) {
        LoginLink link = new LoginLink(from.channel(), sequence);
        ServerAuthentication exchange =
                new ServerAuthentication(link, encrypted, capabilities, request.auth(), this);
        AuthSwitchRequest first = exchange.firstProof(received.authPlugin(), received.nonce());
        authentication = exchange;
        HandshakeResponse41 response =
                new HandshakeResponse41(
                        capabilities,
                        MAX_PACKET_SIZE,
                        request.collation(),
                        request.user(),
                        first.nonce(),
                        request.schema(),
                        first.plugin(),
                        request.attributes());
        link.send(response::encode);
    }

    private SslRequest sslRequest() {
        return new SslRequest(capabilities, MAX_PACKET_SIZE, request.collation());
    }

    @Override
    public void onOk(OkPacket ok) {
        if (ended || context == null || greeting == null) {
            return;
        }
        end();
        BackendConnection connection =
                new BackendConnection(
                        context.channel(),
                        backend,
                        capabilities,
                        greeting.connectionId(),
                        greeting.serverVersion(),
                        encrypted,
                        ok);
        ChannelHandlerContext own = context;
        listener.onReady(connection);
        // In this order: bytes that the decoder still holds go on to the session's handler.
        own.pipeline().remove(this);
        own.pipeline().remove(PacketFrameDecoder.class);
    }

    @Override
    public void onErr(ErrPacket error) {
        if (!ended) {
            abandon();
            listener.onRefused(error.withSqlState(stateOf(error.number())));
        }
    }

    @Override
    public void onAbandoned() {
        abandon();
    }

    /** The states of the errors that servers send instead of a greeting, without a state. */
    private static String stateOf(int number) {
        return switch (number) {
            case 1040 -> "08004";
            case 1042, 1043, 1053, 1158, 1159, 1160, 1161 -> "08S01";
            case 1203, 1226 -> "42000";
            default -> "HY000";
        };
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        fail(new IOException("the server closed the connection during the login"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (ended && !(cause instanceof IOException)) {
            LOGGER.atWarn()
                    .addKeyValue("node", backend.node())
                    .setCause(cause)
                    .log("error at the end of a login to a server");
            from.close();
        }
        fail(cause);
    }
}
