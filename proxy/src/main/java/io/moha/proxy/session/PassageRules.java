package io.moha.proxy.session;

import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RoutingTable;

/** Decides whether a command may go to the server. Pure. */
final class PassageRules {

    private PassageRules() {}

    /**
     * For a session that has a server, at the beginning of a command.
     *
     * @param server the one the session is on
     * @param inTransaction whether a transaction is open there
     */
    static Passage onServer(
            RoutingTable table, Route route, Backend server, boolean inTransaction) {
        if (route == Route.REPLICA) {
            return table.stillValid(server) || inTransaction ? Passage.FORWARD : Passage.MOVE;
        }
        Backend primary = table.primary();
        if (primary == null) {
            // The old primary may be fenced or read-only; whether the transaction can go on is
            // known
            // once somebody serves.
            return Passage.HOLD;
        }
        boolean serving = table.state() == PrimaryState.SERVING;
        if (!primary.isSamePlace(server)) {
            return inTransaction ? Passage.ABORT : serving ? Passage.MOVE : Passage.HOLD;
        }
        if (inTransaction) {
            // Also in a later leadership period of the same server: as long as the connection
            // lives,
            // so does the transaction.
            return Passage.FORWARD;
        }
        if (!serving) {
            return Passage.HOLD;
        }
        return primary.epoch() == server.epoch() ? Passage.FORWARD : Passage.MOVE;
    }

    /**
     * For a session without a server.
     *
     * @param lostEpoch the leadership period of the server it lost
     */
    static Passage detached(RoutingTable table, Route route, long lostEpoch) {
        if (route == Route.REPLICA) {
            return Passage.MOVE;
        }
        Backend primary = table.servingPrimary();
        return primary != null && primary.epoch() >= lostEpoch ? Passage.MOVE : Passage.HOLD;
    }
}
