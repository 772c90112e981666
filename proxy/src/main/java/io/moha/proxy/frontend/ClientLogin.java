package io.moha.proxy.frontend;

import io.moha.protocol.packet.ConnectAttributes;
import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.backend.BackendAuth;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.backend.Credentials;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, as proved to a server, and what is needed to prove it again elsewhere.
 *
 * @param connectionId the number that this client knows as its connection id; at least 2^30, so
 *     that it cannot be taken for a server's
 * @param user as the client wrote it
 * @param credentials the password; null when it was never seen, and then the session cannot move
 * @param capabilities what was agreed on with the client
 * @param collation the collation of the login, 0 to 255
 * @param schema the schema asked for at login, null for none
 * @param attributes what servers are told about the client, its address among it
 * @param address where the client is; behind a PROXY protocol header the one it names
 * @param tls whether the client's link is encrypted
 */
public record ClientLogin(
        long connectionId,
        String user,
        @Nullable Credentials credentials,
        int capabilities,
        int collation,
        @Nullable String schema,
        ConnectAttributes attributes,
        SocketAddress address,
        boolean tls) {

    /**
     * Whether the client's library shows {@code error} as it is; else the mere end of the
     * connection says more.
     */
    public boolean shows(ErrPacket error) {
        return LibraryErrors.shows(attributes, error.number());
    }

    /** Whether the session can log in elsewhere by itself. */
    public boolean movable() {
        return credentials != null;
    }

    /**
     * The request that logs this client in on another server.
     *
     * @param currentSchema the schema the session is in now, null for none
     * @return empty when the password is not known
     */
    public Optional<BackendLoginRequest> requestFor(@Nullable String currentSchema) {
        return Optional.ofNullable(credentials)
                .map(
                        known ->
                                new BackendLoginRequest(
                                        user,
                                        new BackendAuth.Password(known),
                                        currentSchema,
                                        collation,
                                        capabilities,
                                        attributes,
                                        tls));
    }
}
