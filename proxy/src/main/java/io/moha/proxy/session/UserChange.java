package io.moha.proxy.session;

import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.frontend.ClientLogin;
import io.moha.proxy.frontend.LoginFailure;
import io.moha.proxy.frontend.UserChanger;

/** Turns the end of a COM_CHANGE_USER into a session event. */
record UserChange(SessionMachine session) implements UserChanger.Listener {

    @Override
    public void onChanged(ClientLogin login, OkPacket ok) {
        session.onUserChanged(login, ok.status());
    }

    @Override
    public void onFailed(LoginFailure failure) {
        session.close(CloseCause.CHANGE_USER_FAILED);
    }
}
