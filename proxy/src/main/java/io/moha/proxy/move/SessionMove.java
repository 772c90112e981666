package io.moha.proxy.move;

import io.moha.protocol.packet.ErrPacket;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendConnector;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.routing.Backend;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** One attempt to rebuild a session on a server. Lives on the session's event loop. */
public final class SessionMove {

    private final SessionPicture session;
    private final MoveListener listener;
    private BackendConnector.@Nullable Attempt attempt;
    private @Nullable Channel restoring;
    private boolean abandoned;

    private SessionMove(SessionPicture session, MoveListener listener) {
        this.session = session;
        this.listener = listener;
    }

    /** Starts: connects to {@code target}, logs in, restores; the listener hears the outcome. */
    public static SessionMove start(
            BackendConnector connector,
            EventLoop loop,
            Backend target,
            SessionPicture session,
            MoveListener listener) {
        SessionMove move = new SessionMove(session, listener);
        move.attempt = connector.connect(loop, target, session.login(), move.new LoginPhase());
        return move;
    }

    /** Gives up: closes what is open; the listener is not called any more. */
    public void abandon() {
        abandoned = true;
        if (attempt != null) {
            attempt.abandon();
        }
        if (restoring != null) {
            restoring.close();
        }
    }

    private final class LoginPhase implements BackendLoginListener {

        @Override
        public void onReady(BackendConnection connection) {
            if (abandoned) {
                connection.channel().close();
                return;
            }
            restoring = connection.channel();
            connection
                    .channel()
                    .pipeline()
                    .addLast(
                            "restore",
                            new RestoreHandler(
                                    connection,
                                    RestorePlan.of(session, connection.capabilities()),
                                    new RestorePhase()));
        }

        @Override
        public void onRefused(ErrPacket error) {
            if (!abandoned) {
                listener.onRefused(error);
            }
        }

        @Override
        public void onUnreachable(Throwable cause) {
            if (!abandoned) {
                listener.onUnreachable(cause);
            }
        }
    }

    private final class RestorePhase implements MoveListener {

        @Override
        public void onMoved(MovedSession moved) {
            restoring = null;
            if (abandoned) {
                moved.connection().channel().close();
            } else {
                listener.onMoved(moved);
            }
        }

        @Override
        public void onRefused(ErrPacket error) {
            throw new IllegalStateException("the login is over");
        }

        @Override
        public void onUnreachable(Throwable cause) {
            if (!abandoned) {
                listener.onUnreachable(cause);
            }
        }

        @Override
        public void onNotRestored(int errorNumber) {
            if (!abandoned) {
                listener.onNotRestored(errorNumber);
            }
        }
    }
}
