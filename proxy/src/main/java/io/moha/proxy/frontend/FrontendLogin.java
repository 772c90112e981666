package io.moha.proxy.frontend;

import io.moha.protocol.auth.Nonces;
import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.HandshakeResponse41;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.SslRequest;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.moha.protocol.wire.PacketTooLargeException;
import io.moha.protocol.wire.PacketsOutOfOrderException;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.moha.proxy.tls.TlsToClients;
import io.moha.proxy.tls.TlsToServers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a client's channel: greeting, TLS, handshake response. Hands over to {@link
 * LoginExchange}, and removes itself when that is done.
 *
 * <pre>
 * AwaitingPicture -> AwaitingResponse -> [SettingUpTls -> AwaitingResponse] -> Exchanging -> Ended
 * </pre>
 */
final class FrontendLogin extends ChannelInboundHandlerAdapter implements LoginExchange.Ending {

    /** How far the client is. */
    private sealed interface Phase {

        /** No server was heard yet, so there is no version to greet with. */
        record AwaitingPicture() implements Phase {}

        /**
         * The client was greeted.
         *
         * @param request what it asked for when the link became TLS, else null
         */
        record AwaitingResponse(@Nullable SslRequest request) implements Phase {}

        /**
         * The TLS handshake runs.
         *
         * @param early what the client sent right behind its request, without waiting: the
         *     beginning of the handshake
         */
        record SettingUpTls(ByteBuf early) implements Phase {}

        /** The client has named itself and is being authenticated. */
        record Exchanging(LoginExchange exchange) implements Phase {}

        /** Logged in, or closed. */
        record Ended() implements Phase {}
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(FrontendLogin.class);

    private final LoginServices services;
    private final Route route;
    private final PacketSequence sequence;
    private final LoginLink link;
    private final long connectionId;
    private final Octets nonce = Nonces.next();
    private PacketFrameDecoder decoder;
    private Phase phase = new Phase.AwaitingPicture();
    private int offered;
    private boolean heard;
    private @Nullable ScheduledFuture<?> timeout;
    private Routing.@Nullable Registration registration;

    FrontendLogin(
            LoginServices services,
            Route route,
            Channel channel,
            PacketFrameDecoder decoder,
            PacketSequence sequence) {
        this.services = services;
        this.route = route;
        this.decoder = decoder;
        this.sequence = sequence;
        this.link = new LoginLink(channel, sequence);
        this.connectionId = services.ids().next();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            begin(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin(context);
    }

    private void begin(ChannelHandlerContext context) {
        if (timeout != null) {
            return;
        }
        timeout =
                context.executor()
                        .schedule(
                                this::onTimeout,
                                services.limits().login().toMillis(),
                                TimeUnit.MILLISECONDS);
        Routing routing = services.servers().routing();
        if (!greet(routing.current())) {
            registration = routing.subscribe(context.channel().eventLoop(), this::greet);
            greet(routing.current());
        }
    }

    /** Greets in the name of the servers in {@code table}, when one of them is known. */
    private boolean greet(RoutingTable table) {
        String version = table.serverVersion();
        if (version == null || !(phase instanceof Phase.AwaitingPicture)) {
            return false;
        }
        if (registration != null) {
            registration.close();
        }
        offered = Greetings.offered(version, services.secrets().tls().offered());
        phase = new Phase.AwaitingResponse(null);
        link.send(Greetings.greeting(version, connectionId, nonce, offered)::encode);
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf payload = (ByteBuf) message;
        heard = true;
        try {
            switch (phase) {
                case Phase.AwaitingResponse(SslRequest request) ->
                        onResponse(context, payload, request);
                case Phase.Exchanging(LoginExchange exchange) -> exchange.onPacket(payload);
                case Phase.AwaitingPicture _ ->
                        throw new MalformedPacketException("the client spoke out of turn");
                case Phase.SettingUpTls(ByteBuf early) -> early.writeBytes(payload);
                case Phase.Ended _ -> {
                    // What comes behind a refused login is of no interest.
                }
            }
        } finally {
            payload.release();
        }
    }

    private void onResponse(
            ChannelHandlerContext context, ByteBuf payload, @Nullable SslRequest request) {
        if (request != null) {
            login(HandshakeResponse41.decode(payload, request), true);
        } else if (Capability.has(offered, Capability.SSL) && SslRequest.matches(payload)) {
            onSslRequest(context, SslRequest.decode(payload));
        } else if (services.secrets().tls().required()) {
            refuse(LoginFailure.TLS_REQUIRED, ErrPacket.of(ErrorCode.SECURE_TRANSPORT_REQUIRED));
        } else {
            login(HandshakeResponse41.decode(payload), false);
        }
    }

    private void onSslRequest(ChannelHandlerContext context, SslRequest request) {
        Phase.SettingUpTls settingUp = new Phase.SettingUpTls(context.alloc().buffer());
        phase = settingUp;
        context.channel().config().setAutoRead(false);
        // What the decoder still holds comes to channelRead: bytes for TLS, and for nobody else.
        context.pipeline().remove(decoder);
        TlsToClients tls = services.secrets().tls();
        tls.whenReady(
                context.executor(),
                sslContext -> startTls(context, request, settingUp, sslContext),
                cause -> fail(LoginFailure.INTERNAL, cause));
    }

    private void startTls(
            ChannelHandlerContext context,
            SslRequest request,
            Phase.SettingUpTls settingUp,
            SslContext sslContext) {
        if (!(phase instanceof Phase.SettingUpTls)) {
            return;
        }
        SslHandler handler = sslContext.newHandler(context.alloc());
        decoder = FrontendInitializer.newDecoder(sequence);
        context.pipeline()
                .addFirst(decoder)
                .addFirst(TlsToServers.HANDLER_NAME, handler)
                .fireChannelRead(settingUp.early().retain())
                .fireChannelReadComplete();
        context.channel().config().setAutoRead(true);
        handler.handshakeFuture()
                .addListener(
                        done -> {
                            if (!done.isSuccess()) {
                                fail(LoginFailure.TLS_FAILED, done.cause());
                            } else if (phase instanceof Phase.SettingUpTls) {
                                settingUp.early().release();
                                phase = new Phase.AwaitingResponse(request);
                            }
                        });
    }

    private void login(HandshakeResponse41 response, boolean tls) {
        if (!Capability.has(response.capabilities(), Capability.PLUGIN_AUTH)) {
            refuse(LoginFailure.OLD_CLIENT, ErrPacket.of(ErrorCode.NOT_SUPPORTED_AUTH_MODE));
            return;
        }
        LoginExchange exchange =
                new LoginExchange(
                        services,
                        link,
                        route,
                        new LoginExchange.Client(connectionId, response, nonce, offered, tls),
                        this);
        phase = new Phase.Exchanging(exchange);
        exchange.begin();
    }

    @Override
    public void onClientDone() {
        // From here on the servers' side has limits of its own.
        cancelTimeout();
    }

    @Override
    public void onRefused(LoginFailure failure, ErrPacket error) {
        refuse(failure, error);
    }

    @Override
    public void onLoggedIn() {
        phase = new Phase.Ended();
        cancelTimeout();
        Channel channel = link.channel();
        // In this order: bytes that the decoder still holds go on to the session's handler.
        channel.pipeline().remove(this);
        channel.pipeline().remove(decoder);
    }

    private void onTimeout() {
        if (phase instanceof Phase.AwaitingPicture) {
            ErrPacket error = ErrPacket.of(ErrorCode.SERVER_SHUTDOWN, "No server known yet (moha)");
            refuse(LoginFailure.NO_SERVER, error.withoutSqlState());
        } else {
            close(LoginFailure.TIMEOUT);
        }
    }

    private void refuse(LoginFailure failure, ErrPacket error) {
        if (!(phase instanceof Phase.Ended)) {
            end(failure);
            LOGGER.atDebug()
                    .addKeyValue("connection", connectionId)
                    .addKeyValue("client", link.channel().remoteAddress())
                    .addKeyValue("failure", failure.label())
                    .addKeyValue("error", error)
                    .log("login refused");
            link.sendLast(error::encode);
        }
    }

    private void close(LoginFailure failure) {
        if (!(phase instanceof Phase.Ended)) {
            end(failure);
            link.channel().close();
        }
    }

    private void fail(LoginFailure failure, Throwable cause) {
        if (failure == LoginFailure.INTERNAL) {
            LOGGER.atWarn()
                    .addKeyValue("connection", connectionId)
                    .setCause(cause)
                    .log("login failed by an error of the proxy");
        }
        close(failure);
    }

    private void end(LoginFailure failure) {
        switch (phase) {
            case Phase.Exchanging(LoginExchange exchange) -> exchange.cancel();
            case Phase.SettingUpTls(ByteBuf early) -> early.release();
            case Phase.AwaitingPicture _, Phase.AwaitingResponse _, Phase.Ended _ -> {
                // Nothing to give back.
            }
        }
        phase = new Phase.Ended();
        cancelTimeout();
        if (registration != null) {
            registration.close();
        }
        services.observer().onFailure(failure);
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close(heard ? LoginFailure.CLIENT_GONE : LoginFailure.PROBE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case PacketsOutOfOrderException _ -> {
                link.restart();
                refuse(LoginFailure.OUT_OF_ORDER, ErrPacket.of(ErrorCode.PACKETS_OUT_OF_ORDER));
            }
            case PacketTooLargeException tooLarge ->
                    refuse(
                            HttpMethods.isStartOf(tooLarge.length())
                                    ? LoginFailure.HTTP
                                    : LoginFailure.TOO_LARGE,
                            ErrPacket.of(ErrorCode.BAD_HANDSHAKE));
            case MalformedPacketException _ ->
                    refuse(LoginFailure.MALFORMED, ErrPacket.of(ErrorCode.BAD_HANDSHAKE));
            case SSLException _ -> close(LoginFailure.TLS_FAILED);
            case DecoderException wrapped when wrapped.getCause() instanceof SSLException ->
                    close(LoginFailure.TLS_FAILED);
            case IOException _ -> close(LoginFailure.CLIENT_GONE);
            default -> fail(LoginFailure.INTERNAL, cause);
        }
    }
}
