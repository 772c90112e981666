package io.moha.proxy.frontend;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.HandshakeResponse41;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.wire.MalformedPacketException;
import io.moha.proxy.backend.BackendAuth;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.backend.ChallengeRelay.Answers;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.routing.Route;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates a client that has named itself, logs in to a server as that client, and starts the
 * session. Confined to the client's event loop.
 *
 * <p>Where the client's password can be had, it is had first and the server asked afterwards; else
 * the server is asked first and the client answers it through {@link ClientRelay}.
 */
final class LoginExchange
        implements ClientAuthentication.Listener, ClientRelay.Listener, ServerSearch.Listener {

    /** Told how the exchange ended, unless it is cancelled. */
    interface Ending {

        /** The client has answered all it was asked, for now. */
        void onClientDone();

        /** The session has started; its handlers are in the pipeline. */
        void onLoggedIn();

        /** The client is to get {@code error}, and its link to be closed. */
        void onRefused(LoginFailure failure, ErrPacket error);
    }

    /**
     * The client as it presented itself.
     *
     * @param connectionId what it was told as its connection id
     * @param response its answer to the greeting
     * @param nonce the nonce of the greeting
     * @param offered the capabilities of the greeting
     * @param tls whether its link is encrypted
     */
    record Client(
            long connectionId,
            HandshakeResponse41 response,
            Octets nonce,
            int offered,
            boolean tls) {

        /** What both sides speak: what a client sets beyond the offer counts for nothing. */
        int capabilities() {
            return response.capabilities() & offered;
        }
    }

    private final LoginServices services;
    private final LoginLink link;
    private final Route route;
    private final Client client;
    private final Ending ending;
    private final ClientAuthentication authentication;
    private final ConnectAttributes attributes;
    private final SocketAddress address;
    private @Nullable ClientRelay relay;
    private @Nullable Answers relayAnswers;
    private @Nullable ServerSearch search;
    private @Nullable Credentials credentials;
    private LoginObserver.LoginPath path = LoginObserver.LoginPath.RELAYED;
    private boolean relaying;

    LoginExchange(
            LoginServices services, LoginLink link, Route route, Client client, Ending ending) {
        this.services = services;
        this.link = link;
        this.route = route;
        this.client = client;
        this.ending = ending;
        HandshakeResponse41 response = client.response();
        this.address = ClientAddress.of(link.channel());
        this.attributes =
                response.attributes().plus(ClientAddress.attributes(link.channel(), address));
        this.authentication =
                new ClientAuthentication(
                        link,
                        client.tls(),
                        services.secrets(),
                        () -> ClientTraits.of(response.capabilities(), response.attributes()),
                        this);
    }

    /** Begins; the ending may be told before this returns. */
    void begin() {
        HandshakeResponse41 response = client.response();
        authentication.begin(
                new ClientAuthentication.FirstProof(
                        response.user(),
                        response.authPlugin(),
                        response.authResponse(),
                        client.nonce()));
    }

    /** Takes the client's next packet; leaves its ownership alone. */
    void onPacket(ByteBuf payload) {
        if (relaying && relay != null) {
            relay.onPacket(payload);
        } else if (credentials == null) {
            authentication.onPacket(payload);
        } else {
            throw new MalformedPacketException("the client spoke before its login was done");
        }
    }

    /** Gives up: the client has gone. */
    void cancel() {
        if (search != null) {
            search.cancel();
        }
    }

    @Override
    public void onCredentials(Credentials found, LoginObserver.LoginPath by) {
        credentials = found;
        path = by;
        ending.onClientDone();
        if (relayAnswers != null) {
            relayAnswers.password(found);
            relayAnswers = null;
        } else {
            search();
        }
    }

    @Override
    public void onUnknown() {
        relaying = true;
        relay = new ClientRelay(link, client.tls(), services.secrets().keys(), this);
        search();
    }

    private void search() {
        search =
                new ServerSearch(
                        services,
                        link.channel().eventLoop(),
                        route,
                        this::request,
                        () -> credentials != null || relay == null || !relay.used(),
                        this);
        search.begin();
    }

    /** The login as it can be made now: a client can be asked once, a known password always. */
    private BackendLoginRequest request() {
        HandshakeResponse41 response = client.response();
        BackendAuth auth =
                credentials == null && relay != null
                        ? new BackendAuth.Relayed(relay)
                        : new BackendAuth.Password(Objects.requireNonNull(credentials));
        return new BackendLoginRequest(
                response.user(),
                auth,
                response.schema(),
                response.collation(),
                client.capabilities(),
                attributes,
                client.tls());
    }

    @Override
    public void onCapturable(Answers answers) {
        relaying = false;
        relayAnswers = answers;
        authentication.ask();
    }

    @Override
    public void onCaptured(Credentials captured) {
        credentials = captured;
        path = LoginObserver.LoginPath.PASSWORD;
        relaying = false;
    }

    @Override
    public void onClearText() {
        ending.onRefused(
                LoginFailure.CLEAR_TEXT,
                ErrPacket.of(
                        ErrorCode.SECURE_TRANSPORT_REQUIRED,
                        "The account wants its password in clear, which needs TLS (moha)"));
    }

    @Override
    public void onDenied() {
        ending.onRefused(
                LoginFailure.MALFORMED,
                ErrPacket.of(
                        ErrorCode.ACCESS_DENIED,
                        "Access denied for user '%s'@'%s' (using password: YES)"
                                .formatted(client.response().user(), ClientAddress.host(address))));
    }

    @Override
    public void onRefused(ErrPacket error) {
        if (error.number() == ErrorCode.ACCESS_DENIED.number()
                && path == LoginObserver.LoginPath.CACHED) {
            services.secrets().cache().rejected(client.response().user());
        }
        ending.onRefused(LoginFailure.REFUSED_BY_SERVER, error);
    }

    @Override
    public void onNoServer(String reason) {
        if (relayAnswers != null) {
            // The server that asked is gone, but the client is about to say its password to us.
            relayAnswers = null;
            return;
        }
        ErrorCode code =
                LibraryErrors.shows(
                                client.response().attributes(), ErrorCode.CANNOT_CONNECT.number())
                        ? ErrorCode.CANNOT_CONNECT
                        : ErrorCode.SERVER_SHUTDOWN;
        ending.onRefused(
                LoginFailure.NO_SERVER,
                ErrPacket.of(code, "Can't connect to MySQL server: %s (moha)".formatted(reason)));
    }

    @Override
    public void onReady(BackendConnection connection) {
        HandshakeResponse41 response = client.response();
        if (path == LoginObserver.LoginPath.PASSWORD && credentials != null) {
            services.secrets().cache().accepted(response.user(), credentials);
        }
        boolean fastSuccessOwed =
                authentication.fastSuccessOwed() || (relay != null && relay.fastSuccessOwed());
        if (fastSuccessOwed) {
            link.sendLater(ClientAuthentication.fastSuccess()::encode);
        }
        OkPacket ok = connection.welcome();
        link.send(out -> ok.encode(out, OkPacket.HEADER, client.capabilities()));
        ClientLogin login =
                new ClientLogin(
                        client.connectionId(),
                        response.user(),
                        credentials,
                        client.capabilities(),
                        response.collation(),
                        response.schema(),
                        attributes,
                        address,
                        client.tls());
        services.sessions().start(link.channel(), login, route, connection);
        services.observer().onLogin(path);
        ending.onLoggedIn();
    }
}
