package io.moha.proxy.session;

import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.config.HoldConfig;
import io.moha.proxy.frontend.UserChanger;
import io.moha.proxy.routing.Router;
import io.moha.proxy.routing.Routing;

/**
 * What sessions need of the rest of the proxy.
 *
 * @param routing tells what the cluster looks like
 * @param router picks a server for a session that lost its own
 * @param connector logs in there
 * @param userChanger runs COM_CHANGE_USER
 * @param hold how long and how much may wait
 */
public record SessionDependencies(
        Routing routing,
        Router router,
        BackendConnector connector,
        UserChanger userChanger,
        HoldConfig hold) {}
