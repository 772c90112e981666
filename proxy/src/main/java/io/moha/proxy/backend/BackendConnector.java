package io.moha.proxy.backend;

import io.moha.proxy.routing.Backend;
import io.netty.channel.EventLoop;

/** Opens connections to servers and logs in on them. */
public interface BackendConnector {

    /**
     * Connects and logs in; never blocks. A rejected password is never tried a second time.
     *
     * @param loop the event loop of the client, on which the server channel will live too; also the
     *     caller's thread
     * @param listener told once, unless the attempt is abandoned
     */
    Attempt connect(
            EventLoop loop,
            Backend target,
            BackendLoginRequest request,
            BackendLoginListener listener);

    /** One connection that is being opened. */
    @FunctionalInterface
    interface Attempt {

        /** Closes it and forgets the listener; does nothing once the listener was told. */
        void abandon();
    }
}
