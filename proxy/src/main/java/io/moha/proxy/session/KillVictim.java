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
        if (!query) {
            session.close(CloseCause.KILLED);
            session.flush();
        } else if (!interruptHeld()) {
            interruptRunning();
        }
    }

    /** A KILL QUERY, for a command that waits; returns whether one did. */
    boolean interruptHeld() {
        boolean waited = !session.isClosed() && session.gate.interrupt();
        session.flush();
        return waited;
    }

    private void interruptRunning() {
        ServerLink link = session.server.link();
        BackendLoginRequest request = session.loginRequest();
        if (link != null && request != null && link.exchanges.ofClient() > 0) {
            // Nobody waits for its end.
            var _ =
                    session.dependencies()
                            .connector()
                            .connect(
                                    session.client.channel.eventLoop(),
                                    link.backend(),
                                    request,
                                    new SideKill(session.id(), session.server.connectionId()));
        }
    }
}
