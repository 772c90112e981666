package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ServerStatus;

/** What the end of a response changes in the session, beyond what trackers told. */
final class ResponseEffects {

    private final SessionMemory memory;
    private final TrackerKeeper trackers;

    ResponseEffects(SessionMemory memory, TrackerKeeper trackers) {
        this.memory = memory;
        this.trackers = trackers;
    }

    /** The response to {@code exchange}, a command of the client's, is complete. */
    void onComplete(ServerLink link, Exchange exchange, boolean ok) {
        if (exchange.killed != null) {
            Kills.onResponse(exchange.killed, ok);
        }
        if (!ok) {
            return;
        }
        noteCursor(link, exchange);
        switch (exchange.command) {
            case SET_OPTION -> memory.onMultiStatements(exchange.option == 0);
            case RESET_CONNECTION -> {
                memory.resetConnection();
                trackers.onReset(link);
            }
            default -> trackers.onResponse(link, exchange.traits);
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
