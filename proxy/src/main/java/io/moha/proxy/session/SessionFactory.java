package io.moha.proxy.session;

import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.frontend.SessionStarter;
import io.moha.proxy.routing.Route;
import io.netty.channel.Channel;

/** Starts sessions; the one entry of this package. Thread-safe. */
public final class SessionFactory implements SessionStarter {

    private final SessionDependencies dependencies;
    private final HoldBudget budget;
    private final SessionRegistry registry;

    /** Nothing happens before the first client. */
    public SessionFactory(SessionDependencies dependencies) {
        this.dependencies = dependencies;
        budget = new HoldBudget(dependencies.hold());
        registry =
                new SessionRegistry(
                        dependencies.routing(), budget, dependencies.endings().idleTimeout());
    }

    /** All sessions started here. */
    public SessionRegistry registry() {
        return registry;
    }

    @Override
    public void start(Channel client, ClientLogin login, Route route, BackendConnection server) {
        SessionMachine session =
                new SessionMachine(
                        new ClientLink(client, login, registry.of(client.eventLoop()).counters()),
                        route,
                        dependencies,
                        registry,
                        new HeldCommands(budget));
        client.pipeline().addLast("session", new FrontendHandler(session));
        session.start(server);
    }
}
