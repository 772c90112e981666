package io.moha.proxy.session;

import io.moha.proxy.routing.Backend;

/**
 * Where one session stands. Each state holds only what is true in it.
 *
 * <pre>
 *              command                    response, transaction open
 *   ┌─ Idle ───────────▶ Busy ───────────────────────────▶ InTransaction ─┐ command
 *   │   ▲                │ ▲ └─ response ─▶ Idle             │   ▲         │
 *   │   │ moved          │ └───────────────────────────────────────────────┘
 *   │   │                │ server lost                      │ server lost
 *   │   └── Holding ◀────┴── Detached ◀─────────────────────┘
 *   │         ▲   command       ▲
 *   └─────────┴─────────────────┘ routing changed, server lost
 *
 *   Idle ─▶ ChangingUser ─▶ Idle      Busy ─▶ Streaming      any ─▶ Closed
 * </pre>
 */
sealed interface SessionState {

    /** What people call it. */
    String label();

    /** A server is there and the client owes us a command. */
    record Idle(Backend server) implements SessionState {
        @Override
        public String label() {
            return "idle";
        }
    }

    /** As idle, but a transaction is open, so the session stays where it is. */
    record InTransaction(Backend server) implements SessionState {
        @Override
        public String label() {
            return "in transaction";
        }
    }

    /** The server owes us a response, or several. */
    record Busy(Backend server) implements SessionState {
        @Override
        public String label() {
            return "busy";
        }
    }

    /**
     * There is no server and no command either. The next command looks for one.
     *
     * @param lostEpoch the leadership period of the server that was lost
     */
    record Detached(long lostEpoch) implements SessionState {
        @Override
        public String label() {
            return "detached";
        }
    }

    /** Commands wait until they may be sent, for a limited time. */
    record Holding() implements SessionState {
        @Override
        public String label() {
            return "holding";
        }
    }

    /** The client proves that it is somebody else; both channels belong to that exchange. */
    record ChangingUser(Backend server) implements SessionState {
        @Override
        public String label() {
            return "changing user";
        }
    }

    /** The connection left the command protocol; bytes go through as they are. */
    record Streaming(Backend server) implements SessionState {
        @Override
        public String label() {
            return "streaming";
        }
    }

    /** The end. */
    record Closed(CloseCause cause) implements SessionState {
        @Override
        public String label() {
            return "closed: " + cause.label();
        }
    }
}
