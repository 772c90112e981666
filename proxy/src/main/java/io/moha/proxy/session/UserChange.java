package io.moha.proxy.session;

import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.frontend.LoginFailure;
import io.moha.proxy.frontend.UserChanger;
import io.netty.buffer.ByteBuf;

/** A COM_CHANGE_USER, from the session's side. Confined to the session's loop. */
final class UserChange implements UserChanger.Listener {

    private final SessionMachine session;
    private final SessionMemory memory;
    private final TrackerKeeper trackers;
    private final UserChanger changer;

    UserChange(
            SessionMachine session,
            SessionMemory memory,
            TrackerKeeper trackers,
            UserChanger changer) {
        this.session = session;
        this.memory = memory;
        this.trackers = trackers;
        this.changer = changer;
    }

    /**
     * Begins; takes ownership of both.
     *
     * @param rest what the client sent behind the command
     */
    void begin(ByteBuf command, ByteBuf rest) {
        if (rest.isReadable()) {
            session.gate.holdLast(rest);
        } else {
            rest.release();
        }
        if (session.isClosed()) {
            command.release();
            return;
        }
        ServerLink current = session.server.require();
        session.transition(new SessionState.ChangingUser(current.backend()));
        current.flush();
        changer.begin(
                session.client.channel, session.client.login, current.connection, command, this);
    }

    /** The client is somebody else now; nothing of the old session is left. */
    @Override
    public void onChanged(ClientLogin login, OkPacket ok) {
        ServerLink current = session.server.link();
        if (session.isClosed() || current == null) {
            return;
        }
        session.client.login = login;
        memory.reset(login.schema());
        current.status = ok.status();
        trackers.begin(current);
        session.transition(current.state());
        session.flow.adjust();
        session.gate.pursue();
        session.settle();
        session.flush();
    }

    @Override
    public void onFailed(LoginFailure failure) {
        session.close(CloseCause.CHANGE_USER_FAILED);
    }
}
