package io.moha.proxy.backend;

import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.Octets;

/**
 * Answers a server's authentication challenges on behalf of a login whose password the proxy does
 * not have. All calls come on the connection's event loop; each challenge is answered through
 * {@link Answers}, then or later, on the same loop.
 */
public interface ChallengeRelay {

    /** The server wants a proof. */
    void onSwitch(AuthSwitchRequest request, Answers answers);

    /** The server's plugin says something more. */
    void onMoreData(AuthMoreData data, Answers answers);

    /** Takes the answers to the server. */
    interface Answers {

        /** Sends {@code data} to the server as it is. */
        void send(Octets data);

        /**
         * Gives the clear password to the login, which sends it in whatever way is safe on the
         * server's link; for a plugin that asked for the password itself.
         */
        void password(Credentials credentials);

        /** Gives the login up; the connection to the server is closed, the listener not called. */
        void abandon();
    }
}
