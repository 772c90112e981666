package io.moha.proxy.frontend;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.ChangeUser;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketSequence;
import io.moha.protocol.wire.PacketsOutOfOrderException;
import io.moha.proxy.backend.BackendAuth;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.ChallengeRelay.Answers;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.backend.ServerAuthentication;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One COM_CHANGE_USER: authenticates the client as at its login, then becomes the new user on the
 * server connection that the session has. Confined to the session's event loop.
 */
final class ChangeUserExchange
        implements ClientAuthentication.Listener,
                ClientRelay.Listener,
                ServerAuthentication.Outcome {

    private static final Logger LOGGER = LoggerFactory.getLogger(ChangeUserExchange.class);

    // A login's collation is one byte; all beyond are of utf8mb4, whose default this is.
    private static final int MAX_LOGIN_COLLATION = 255;

    private final LoginServices.Secrets secrets;
    private final ClientLogin before;
    private final BackendConnection server;
    private final UserChanger.Listener listener;
    private final ExchangeHandler clientSide;
    private final ExchangeHandler serverSide;
    private @Nullable ChangeUser request;
    private @Nullable ClientAuthentication authentication;
    private @Nullable ServerAuthentication serverAuthentication;
    private @Nullable ClientRelay relay;
    private @Nullable Answers relayAnswers;
    private @Nullable Credentials credentials;
    private @Nullable ScheduledFuture<?> timeout;
    private boolean relaying;
    private boolean cached;
    private boolean ended;

    ChangeUserExchange(
            LoginServices.Secrets secrets,
            Channel client,
            ClientLogin before,
            BackendConnection server,
            UserChanger.Listener listener) {
        this.secrets = secrets;
        this.before = before;
        this.server = server;
        this.listener = listener;
        PacketSequence clientSequence = new PacketSequence();
        // Number 0 was the command.
        clientSequence.take();
        this.clientSide =
                new ExchangeHandler(
                        client, clientSequence, this::onClientPacket, this::onError, this::end);
        this.serverSide =
                new ExchangeHandler(
                        server.channel(),
                        new PacketSequence(),
                        this::onServerPacket,
                        _ -> fail(LoginFailure.NO_SERVER, ErrPacket.of(serverLost())),
                        this::end);
    }

    /** Begins with the command's packet, header included; leaves its ownership alone. */
    void begin(ByteBuf command, Duration timeLimit) {
        clientSide.insert();
        serverSide.insert();
        timeout =
                server.channel()
                        .eventLoop()
                        .schedule(
                                () ->
                                        fail(
                                                LoginFailure.TIMEOUT,
                                                ErrPacket.of(ErrorCode.BAD_HANDSHAKE)),
                                timeLimit.toMillis(),
                                TimeUnit.MILLISECONDS);
        ChangeUser decoded;
        try {
            command.skipBytes(PacketHeader.SIZE);
            decoded = ChangeUser.decode(command, before.capabilities(), before.collation());
        } catch (MalformedPacketException e) {
            onError(e);
            return;
        }
        request = decoded;
        authentication =
                new ClientAuthentication(
                        clientSide.link(),
                        before.tls(),
                        secrets,
                        () -> ClientTraits.of(before.capabilities(), before.attributes()),
                        this);
        // The proof was made for a nonce of long ago; servers ask for another one, too.
        authentication.begin(
                new ClientAuthentication.FirstProof(
                        decoded.user(),
                        "",
                        decoded.authResponse(),
                        ServerAuthentication.ASK_AGAIN.nonce()));
    }

    private void onClientPacket(ByteBuf payload) {
        if (ended || authentication == null) {
            return;
        }
        if (relaying && relay != null) {
            relay.onPacket(payload);
        } else if (credentials == null) {
            authentication.onPacket(payload);
        } else {
            throw new MalformedPacketException("the client spoke out of turn");
        }
    }

    private void onServerPacket(ByteBuf payload) {
        if (!ended && serverAuthentication != null) {
            serverAuthentication.onPacket(payload);
        }
    }

    @Override
    public void onCredentials(Credentials found, LoginObserver.LoginPath path) {
        credentials = found;
        cached = path != LoginObserver.LoginPath.PASSWORD;
        if (relayAnswers != null) {
            relayAnswers.password(found);
        } else {
            askServer(new BackendAuth.Password(found));
        }
    }

    @Override
    public void onUnknown() {
        relaying = true;
        relay = new ClientRelay(clientSide.link(), before.tls(), secrets.keys(), this);
        askServer(new BackendAuth.Relayed(relay));
    }

    private void askServer(BackendAuth auth) {
        if (request == null) {
            return;
        }
        LoginLink link = serverSide.link();
        serverAuthentication =
                new ServerAuthentication(link, server.tls(), server.capabilities(), auth, this);
        AuthSwitchRequest first = ServerAuthentication.ASK_AGAIN;
        ChangeUser toServer =
                new ChangeUser(
                        request.user(),
                        first.nonce(),
                        request.schema(),
                        request.collation(),
                        first.plugin(),
                        attributes(request));
        link.send(out -> toServer.encode(out, server.capabilities(), before.collation()));
    }

    private ConnectAttributes attributes(ChangeUser decoded) {
        Channel client = clientSide.link().channel();
        return decoded.attributes().plus(ClientAddress.attributes(client, before.address()));
    }

    @Override
    public void onCapturable(Answers answers) {
        relaying = false;
        relayAnswers = answers;
        if (authentication != null) {
            authentication.ask();
        }
    }

    @Override
    public void onCaptured(Credentials captured) {
        credentials = captured;
        relaying = false;
    }

    @Override
    public void onClearText() {
        fail(LoginFailure.CLEAR_TEXT, ErrPacket.of(ErrorCode.SECURE_TRANSPORT_REQUIRED));
    }

    @Override
    public void onDenied() {
        fail(LoginFailure.MALFORMED, ErrPacket.of(ErrorCode.ACCESS_DENIED));
    }

    @Override
    public void onErr(ErrPacket error) {
        if (cached && request != null && error.number() == ErrorCode.ACCESS_DENIED.number()) {
            secrets.cache().rejected(request.user());
        }
        fail(LoginFailure.REFUSED_BY_SERVER, error);
    }

    @Override
    public void onAbandoned() {
        // Whoever gave up says why.
    }

    @Override
    public void onOk(OkPacket ok) {
        if (ended || request == null) {
            return;
        }
        if (credentials != null && !cached) {
            secrets.cache().accepted(request.user(), credentials);
        }
        boolean fastSuccessOwed =
                (authentication != null && authentication.fastSuccessOwed())
                        || (relay != null && relay.fastSuccessOwed());
        LoginLink link = clientSide.link();
        if (fastSuccessOwed) {
            link.sendLater(ClientAuthentication.fastSuccess()::encode);
        }
        link.send(out -> ok.encode(out, OkPacket.HEADER, before.capabilities()));
        end();
        listener.onChanged(loginAs(request), ok);
        clientSide.remove();
        serverSide.remove();
    }

    private ClientLogin loginAs(ChangeUser changed) {
        return new ClientLogin(
                before.connectionId(),
                changed.user(),
                credentials,
                before.capabilities(),
                Math.min(changed.collation(), MAX_LOGIN_COLLATION),
                changed.schema(),
                attributes(changed),
                before.address(),
                before.tls());
    }

    private void onError(Throwable cause) {
        if (cause instanceof PacketsOutOfOrderException) {
            clientSide.link().restart();
            fail(LoginFailure.OUT_OF_ORDER, ErrPacket.of(ErrorCode.PACKETS_OUT_OF_ORDER));
        } else if (cause instanceof MalformedPacketException) {
            fail(LoginFailure.MALFORMED, ErrPacket.of(ErrorCode.BAD_HANDSHAKE));
        } else if (cause instanceof IOException) {
            fail(LoginFailure.CLIENT_GONE, ErrPacket.of(ErrorCode.BAD_HANDSHAKE));
        } else {
            LOGGER.atWarn()
                    .addKeyValue("connection", before.connectionId())
                    .setCause(cause)
                    .log("change of user failed by an error of the proxy");
            fail(LoginFailure.INTERNAL, ErrPacket.of(ErrorCode.UNKNOWN_ERROR));
        }
    }

    private ErrorCode serverLost() {
        return before.shows(ErrPacket.of(ErrorCode.SERVER_LOST))
                ? ErrorCode.SERVER_LOST
                : ErrorCode.SERVER_SHUTDOWN;
    }

    private void fail(LoginFailure failure, ErrPacket error) {
        if (ended) {
            return;
        }
        end();
        clientSide.link().send(error::encode);
        listener.onFailed(failure);
        clientSide.remove();
        serverSide.remove();
    }

    private void end() {
        ended = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
