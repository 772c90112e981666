package io.moha.proxy.session;

import org.jspecify.annotations.Nullable;

/** Describes sessions to people. */
final class Snapshots {

    private Snapshots() {}

    /** {@code session} as it is now; call on its loop. */
    static SessionSnapshot of(
            SessionMachine session, SessionMemory memory, SessionState state, int moves) {
        ClientLink client = session.client;
        @Nullable String pinned =
                client.login.movable() ? memory.pinReason() : "the client's password is not known";
        return new SessionSnapshot(
                session.id(),
                client.login.user(),
                client.login.address(),
                client.login.tls(),
                session.route(),
                state.label(),
                session.server.node(),
                session.server.connectionId(),
                memory.schema(),
                pinned,
                client.bytesIn,
                client.bytesOut,
                moves);
    }
}
