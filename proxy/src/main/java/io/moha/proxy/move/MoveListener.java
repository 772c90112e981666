package io.moha.proxy.move;

import io.moha.protocol.packet.ErrPacket;

/** Told once, on the event loop, how a move ended, unless it is abandoned. */
public interface MoveListener {

    /** The session stands there; the receiver adds its handler before it returns. */
    void onMoved(MovedSession moved);

    /** The server did not take the login. */
    void onRefused(ErrPacket error);

    /** There was no server, or it left before all was restored. */
    void onUnreachable(Throwable cause);

    /** The server would not take a part of the session's state; the connection is closed. */
    void onNotRestored(int errorNumber);
}
