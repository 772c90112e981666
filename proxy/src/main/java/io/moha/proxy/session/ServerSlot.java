package io.moha.proxy.session;

import org.jspecify.annotations.Nullable;

/** Where the session's connection to a server is, or is not. */
final class ServerSlot {

    /** Written on the session's loop; other loops read it when their sessions kill this one. */
    private volatile @Nullable ServerLink link;

    private long lostEpoch;

    /** The present connection; null while there is none. */
    @Nullable ServerLink link() {
        return link;
    }

    /** The present connection, where there has to be one. */
    ServerLink require() {
        ServerLink present = link;
        if (present == null) {
            throw new IllegalStateException("the session has no server");
        }
        return present;
    }

    boolean isEmpty() {
        return link == null;
    }

    boolean holds(ServerLink candidate) {
        return link == candidate;
    }

    /** Whether the server owes a response, to the client or to the proxy. */
    boolean hasOutstanding() {
        ServerLink present = link;
        return present != null && !present.exchanges.isEmpty();
    }

    /** The leadership period of the server that was here last. */
    long lostEpoch() {
        return lostEpoch;
    }

    void put(ServerLink next) {
        link = next;
    }

    /** Leaves the server; what was outstanding there is forgotten. */
    void leave() {
        ServerLink old = link;
        if (old != null) {
            link = null;
            lostEpoch = old.backend().epoch();
            old.leave();
        }
    }

    /** The node of the present server; null while there is none. Callable from any thread. */
    @Nullable String node() {
        ServerLink present = link;
        return present == null ? null : present.backend().node();
    }

    /** The server's own number of the connection; 0 while there is none. From any thread. */
    long connectionId() {
        ServerLink present = link;
        return present == null ? 0 : present.connection.serverConnectionId();
    }
}
