package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ServerStatus;
import io.moha.proxy.statement.StatementTrait;

/** What the end of a response changes in the session, beyond what trackers told. */
final class ResponseEffects {

    private final SessionMemory memory;
    private final TrackerKeeper trackers;

    ResponseEffects(SessionMemory memory, TrackerKeeper trackers) {
        this.memory = memory;
        this.trackers = trackers;
    }

    /**
     * The response to {@code exchange}, a command of the client's, is complete.
     *
     * @param ok whether it ended without an error
     * @param warned whether it may have left warnings
     */
    void onComplete(ServerLink link, Exchange exchange, boolean ok, boolean warned) {
        SessionMachine killed = exchange.killed;
        if (killed != null) {
            exchange.killed = null;
            // Who kills itself is told that it was interrupted, and is gone then.
            boolean itself = killed.server.holds(link);
            Kills.onResponse(killed, ok || itself);
        }
        if (link.lent && !(ok && exchange.command == Command.RESET_CONNECTION)) {
            boolean asking = !ok || warned || exchange.traits == StatementTrait.DIAGNOSTICS;
            trackers.onLentResponse(link, asking);
        }
        if (!ok) {
            return;
        }
        noteCursor(link, exchange);
        switch (exchange.command) {
            case SET_OPTION -> memory.onMultiStatements(exchange.option == 0);
            case RESET_CONNECTION -> {
                memory.resetConnection();
                trackers.begin(link);
            }
            default -> {
                if (!link.lent) {
                    trackers.onResponse(link);
                }
            }
        }
    }

    private static void noteCursor(ServerLink link, Exchange exchange) {
        PreparedStatement statement = exchange.statement;
        if (statement != null) {
            statement.cursorOpen =
                    exchange.command != Command.STMT_RESET
                            && ServerStatus.has(link.status, ServerStatus.CURSOR_EXISTS)
                            && !ServerStatus.has(link.status, ServerStatus.LAST_ROW_SENT);
        }
    }
}
