package io.moha.proxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.auth.NativePassword;
import io.moha.protocol.auth.Nonces;
import io.moha.protocol.config.Secret;
import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.HandshakeResponse41;
import io.moha.protocol.packet.HandshakeV10;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.packet.SslRequest;
import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.tls.TlsToClients;
import io.moha.proxy.tls.TlsToServers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs an operator in. The one account's password is known here, so the proof that comes with the
 * user's name settles it, with TLS or without.
 */
final class AdminLogin extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminLogin.class);
    private static final int TIMEOUT_SECONDS = 10;
    private static final int UTF8MB4_0900_AI_CI = 255;

    /** What is not spoken here; QUERY_ATTRIBUTES, so that a query is its text alone. */
    private static final int NOT_SPOKEN =
            Capability.COMPRESS
                    | Capability.ZSTD_COMPRESSION
                    | Capability.CAPABILITY_EXTENSION
                    | Capability.MULTI_FACTOR_AUTHENTICATION
                    | Capability.QUERY_ATTRIBUTES
                    | Capability.OPTIONAL_RESULTSET_METADATA
                    | Capability.SESSION_TRACK
                    | Capability.LOCAL_FILES
                    | Capability.MULTI_STATEMENTS;

    private final AdminServer server;
    private final PacketFrameDecoder decoder;
    private final PacketSequence sequence;
    private final LoginLink link;
    private final long connectionId;
    private final String version;
    private final Octets nonce = Nonces.next();
    private final int offered;
    private @Nullable SslRequest sslRequest;

    /** Bytes of TLS that came with the request for it; null but while TLS is being set up. */
    private @Nullable ByteBuf beforeTls;

    private @Nullable HandshakeResponse41 response;
    private @Nullable ScheduledFuture<?> timeout;

    AdminLogin(
            AdminServer server,
            LoginLink link,
            PacketFrameDecoder decoder,
            PacketSequence sequence,
            long connectionId) {
        this.server = server;
        this.link = link;
        this.decoder = decoder;
        this.sequence = sequence;
        this.connectionId = connectionId;
        this.version = server.version();
        this.offered = ~NOT_SPOKEN & (server.tls().offered() ? -1 : ~Capability.SSL);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        timeout =
                context.executor()
                        .schedule(() -> context.close(), TIMEOUT_SECONDS, TimeUnit.SECONDS);
        HandshakeV10 greeting =
                new HandshakeV10(
                        version,
                        connectionId,
                        nonce,
                        offered,
                        UTF8MB4_0900_AI_CI,
                        ServerStatus.AUTOCOMMIT,
                        CachingSha2Password.NAME);
        link.send(greeting::encode);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
        if (beforeTls != null) {
            beforeTls.writeBytes(payload);
        } else if (response != null) {
            check(
                    context,
                    response,
                    CachingSha2Password.NAME,
                    Octets.read(payload, payload.readableBytes()));
        } else if (sslRequest == null
                && Capability.has(offered, Capability.SSL)
                && SslRequest.matches(payload)) {
            startTls(context, SslRequest.decode(payload));
        } else {
            onResponse(
                    context,
                    sslRequest == null
                            ? HandshakeResponse41.decode(payload)
                            : HandshakeResponse41.decode(payload, sslRequest));
        }
    }

    private void startTls(ChannelHandlerContext context, SslRequest request) {
        sslRequest = request;
        ByteBuf early = context.alloc().buffer();
        beforeTls = early;
        context.channel().config().setAutoRead(false);
        // What the decoder still holds comes to channelRead: bytes for TLS, and for nobody else.
        context.pipeline().remove(decoder);
        TlsToClients tls = server.tls();
        tls.whenReady(context.executor(), ssl -> addTls(context, ssl), _ -> context.close());
    }

    private void addTls(ChannelHandlerContext context, SslContext ssl) {
        ByteBuf early = beforeTls;
        if (early == null) {
            return;
        }
        beforeTls = null;
        context.pipeline()
                .addFirst(AdminServer.newDecoder(sequence))
                .addFirst(TlsToServers.HANDLER_NAME, ssl.newHandler(context.alloc()))
                .fireChannelRead(early)
                .fireChannelReadComplete();
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (beforeTls != null) {
            beforeTls.release();
            beforeTls = null;
        }
    }

    private void onResponse(ChannelHandlerContext context, HandshakeResponse41 received) {
        response = received;
        String plugin = received.authPlugin();
        if (plugin.equals(CachingSha2Password.NAME) || plugin.equals(NativePassword.NAME)) {
            check(context, received, plugin, received.authResponse());
        } else {
            link.send(new AuthSwitchRequest(CachingSha2Password.NAME, nonce)::encode);
        }
    }

    private void check(
            ChannelHandlerContext context,
            HandshakeResponse41 client,
            String plugin,
            Octets proof) {
        boolean sha2 = plugin.equals(CachingSha2Password.NAME);
        if (!client.user().equals(server.user()) || !fits(server.password(), sha2, proof)) {
            refuse(context, client, proof);
            return;
        }
        if (sha2 && !server.password().isEmpty()) {
            Octets accepted = Octets.of(CachingSha2Password.FAST_AUTH_SUCCESS);
            link.sendLater(new AuthMoreData(accepted)::encode);
        }
        int capabilities = client.capabilities() & offered;
        OkPacket ok = OkPacket.of(ServerStatus.AUTOCOMMIT);
        link.send(payload -> ok.encode(payload, OkPacket.HEADER, capabilities));
        begin(context, client, capabilities);
    }

    private boolean fits(Secret password, boolean sha2, Octets proof) {
        byte[] clear = password.reveal().getBytes(UTF_8);
        if (clear.length == 0) {
            return proof.isEmpty() || (proof.length() == 1 && proof.at(0) == 0);
        }
        return sha2
                ? CachingSha2Password.matches(proof, nonce, CachingSha2Password.verifier(clear))
                : NativePassword.matches(proof, nonce, NativePassword.verifier(clear));
    }

    private void begin(
            ChannelHandlerContext context, HandshakeResponse41 client, int capabilities) {
        cancelTimeout();
        sequence.reset();
        AdminCommands.Asker asker =
                new AdminCommands.Asker(connectionId, client.user(), host(context), version);
        AdminSession session =
                new AdminSession(
                        server.commands(),
                        asker,
                        sequence,
                        new ResultWriter(sequence, capabilities));
        context.pipeline().replace(this, "session", session);
    }

    private void refuse(ChannelHandlerContext context, HandshakeResponse41 client, Octets proof) {
        cancelTimeout();
        LOGGER.atWarn()
                .addKeyValue("user", client.user())
                .addKeyValue("client", context.channel().remoteAddress())
                .log("an admin login was refused");
        String message =
                "Access denied for user '"
                        + client.user()
                        + "'@'"
                        + host(context)
                        + "' (using password: "
                        + (proof.isEmpty() ? "NO" : "YES")
                        + ")";
        link.sendLast(ErrPacket.of(ErrorCode.ACCESS_DENIED, message)::encode);
    }

    private static String host(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "localhost";
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelTimeout();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOGGER.atDebug()
                .addKeyValue("client", context.channel().remoteAddress())
                .setCause(cause)
                .log("an admin login failed");
        link.restart();
        link.sendLast(ErrPacket.of(ErrorCode.BAD_HANDSHAKE)::encode);
    }
}
