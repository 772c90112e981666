package io.moha.proxy.frontend;

import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RouteDecision;
import io.moha.proxy.routing.RoutingTable;

/** Picks the server of a new session. */
@FunctionalInterface
public interface BackendChooser {

    /** Where a session of {@code route} goes in {@code table}. Never blocks. */
    RouteDecision choose(Route route, RoutingTable table);
}
