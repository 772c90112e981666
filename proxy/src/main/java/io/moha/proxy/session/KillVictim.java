package io.moha.proxy.session;

import io.moha.proxy.backend.BackendLoginRequest;

/** What KILLs of others do to a session. Confined to the session's loop. */
final class KillVictim {

    private final SessionMachine session;
    private boolean killExpected;

    KillVictim(SessionMachine session) {
        this.session = session;
    }

    /** Whether the next loss of the server is the doing of a KILL. */
    void expectKill(boolean expected) {
        killExpected = expected;
    }

    /** As told by {@link #expectKill}. */
    boolean isKillExpected() {
        return killExpected;
    }

    /**
     * A KILL by somebody who is not on the same server.
     *
     * @param query whether only the statement is to end
     */
    void onKill(boolean query) {
        if (query) {
            boolean _ = interruptHeld() || onServer(SideKill.Extent.STATEMENT);
        } else if (!onServer(SideKill.Extent.CONNECTION)) {
            close();
        }
    }

    private void close() {
        session.close(CloseCause.KILLED);
        session.flush();
    }

    /** A KILL QUERY, for a command that waits; returns whether one did. */
    boolean interruptHeld() {
        boolean waited = !session.isClosed() && session.gate.interrupt();
        session.flush();
        return waited;
    }

    /**
     * Ends what runs on the server; a server that is only left goes on with it. Whether something
     * runs, and the server can be told; then the client hears what the server makes of it.
     */
    private boolean onServer(SideKill.Extent extent) {
        ServerLink link = session.server.link();
        BackendLoginRequest request = session.loginRequest();
        if (link == null || request == null || link.exchanges.ofClient() == 0) {
            return false;
        }
        boolean whole = extent == SideKill.Extent.CONNECTION;
        killExpected |= whole;
        Runnable otherwise = whole ? this::close : () -> {};
        var _ =
                session.dependencies()
                        .connector()
                        .connect(
                                session.client.channel.eventLoop(),
                                link.backend(),
                                request,
                                new SideKill(
                                        session.id(),
                                        extent,
                                        session.server.connectionId(),
                                        () -> session.server.holds(link),
                                        otherwise));
        return true;
    }
}
