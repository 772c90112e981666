package io.moha.proxy;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.frontend.SessionStarter;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.Route;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps each user to its number of clients: refuses logins at the door of the connector and counts
 * sessions where they start. Thread-safe. Logins that run at the same moment may exceed the limit
 * by their number.
 */
final class UserLimit {

    private final int most;
    private final ConcurrentHashMap<String, Integer> clients = new ConcurrentHashMap<>();

    /** At most {@code most} clients a user; 0 for no limit. */
    UserLimit(int most) {
        this.most = most;
    }

    /** {@code connector} for logins, with the limit before it. */
    BackendConnector before(BackendConnector connector) {
        return most == 0
                ? connector
                : (loop, target, request, listener) ->
                        connect(connector, loop, target, request, listener);
    }

    /** {@code starter}, with its sessions counted. */
    SessionStarter counting(SessionStarter starter) {
        return most == 0
                ? starter
                : (client, login, route, server) -> start(starter, client, login, route, server);
    }

    private BackendConnector.Attempt connect(
            BackendConnector connector,
            EventLoop loop,
            Backend target,
            BackendLoginRequest request,
            BackendLoginListener listener) {
        if (clients.getOrDefault(request.user(), 0) < most) {
            return connector.connect(loop, target, request, listener);
        }
        ErrPacket error =
                ErrPacket.of(
                        ErrorCode.TOO_MANY_USER_CONNECTIONS,
                        "User "
                                + request.user()
                                + " already has more than 'max_user_connections' active"
                                + " connections");
        listener.onRefused(error);
        return () -> {};
    }

    private void start(
            SessionStarter starter,
            Channel client,
            ClientLogin login,
            Route route,
            BackendConnection server) {
        String user = login.user();
        clients.merge(user, 1, Integer::sum);
        client.closeFuture()
                .addListener(_ -> clients.computeIfPresent(user, (_, n) -> n > 1 ? n - 1 : null));
        starter.start(client, login, route, server);
    }
}
