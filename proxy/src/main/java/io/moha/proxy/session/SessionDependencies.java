package io.moha.proxy.session;

import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.config.DrainConfig;
import io.moha.proxy.config.HoldConfig;
import io.moha.proxy.frontend.UserChanger;
import io.moha.proxy.routing.Router;
import io.moha.proxy.routing.Routing;
import java.time.Duration;

/**
 * What sessions need of the rest of the proxy.
 *
 * @param routing tells what the cluster looks like
 * @param router picks a server for a session that lost its own
 * @param connector logs in there
 * @param userChanger runs COM_CHANGE_USER
 * @param hold how long and how much may wait
 * @param endings when sessions are ended
 */
public record SessionDependencies(
        Routing routing,
        Router router,
        BackendConnector connector,
        UserChanger userChanger,
        HoldConfig hold,
        Endings endings) {

    /**
     * When sessions are ended that could go on.
     *
     * @param idleTimeout after which a client that sends nothing is disconnected; zero for never
     * @param onDeadline what becomes of a transaction that cannot be waited for
     */
    public record Endings(Duration idleTimeout, DrainConfig.OnDeadline onDeadline) {

        /** Idle sessions stay, lost transactions are told. */
        public static final Endings DEFAULT =
                new Endings(Duration.ZERO, DrainConfig.OnDeadline.ERROR);
    }

    /** With {@link Endings#DEFAULT}. */
    public SessionDependencies(
            Routing routing,
            Router router,
            BackendConnector connector,
            UserChanger userChanger,
            HoldConfig hold) {
        this(routing, router, connector, userChanger, hold, Endings.DEFAULT);
    }
}
