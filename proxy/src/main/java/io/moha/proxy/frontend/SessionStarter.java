package io.moha.proxy.frontend;

import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.routing.Route;
import io.netty.channel.Channel;

/** Takes over a client that has logged in. */
@FunctionalInterface
public interface SessionStarter {

    /**
     * Starts the session; called on the event loop of both channels, after the client's OK was
     * written. Adds its handlers at the end of both pipelines before it returns; bytes that the
     * client sent early reach it right afterwards.
     *
     * @param client owned by the session from now on
     * @param route where the listener's sessions go
     * @param server owned by the session from now on
     */
    void start(Channel client, ClientLogin login, Route route, BackendConnection server);
}
