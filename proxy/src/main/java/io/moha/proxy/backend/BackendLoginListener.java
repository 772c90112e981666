package io.moha.proxy.backend;

import io.moha.protocol.packet.ErrPacket;

/** Told once, on the event loop of the connection, how an attempt to log in to a server ended. */
public interface BackendLoginListener {

    /**
     * Logged in. The channel's pipeline holds nothing but TLS, if that; the caller adds its handler
     * before it returns, and owns the channel from now on.
     */
    void onReady(BackendConnection connection);

    /** The server said no, in its own words, always with an SQLSTATE; the channel is closed. */
    void onRefused(ErrPacket error);

    /**
     * There was no server, it left before it answered, or it spoke no protocol we know; the channel
     * is closed. Says nothing about the password.
     */
    void onUnreachable(Throwable cause);
}
