package io.moha.proxy.frontend;

import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.backend.BackendConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Runs COM_CHANGE_USER on an idle session. */
public interface UserChanger {

    /**
     * Begins; called on the session's event loop. Until the listener is told, the exchange reads
     * and writes both channels, through handlers of its own before all others but TLS; only {@code
     * channelInactive} and exceptions still reach the session's handlers.
     *
     * @param login who the client was until now
     * @param command the whole command, header included, in one packet with sequence number 0;
     *     takes ownership
     */
    void begin(
            Channel client,
            ClientLogin login,
            BackendConnection server,
            ByteBuf command,
            Listener listener);

    /** Told once, on the event loop, how it ended, unless one of the channels closed before. */
    interface Listener {

        /**
         * The client is somebody else now, and got its OK. All session state is gone; tracker
         * settings are the server's defaults again.
         *
         * @param ok the server's OK
         */
        void onChanged(ClientLogin login, OkPacket ok);

        /**
         * The server said no, or the client broke the rules; the client got an error if it was
         * there to get one. As on a server, this ends the session: both channels are to be closed.
         */
        void onFailed(LoginFailure failure);
    }
}
