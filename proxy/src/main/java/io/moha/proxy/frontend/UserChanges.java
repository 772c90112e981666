package io.moha.proxy.frontend;

import io.moha.proxy.backend.BackendConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;

/** Runs COM_CHANGE_USER with the same secrets as logins. Thread-safe. */
public final class UserChanges implements UserChanger {

    private final LoginServices.Secrets secrets;
    private final Duration timeLimit;

    /**
     * @param timeLimit for the whole exchange
     */
    public UserChanges(LoginServices.Secrets secrets, Duration timeLimit) {
        this.secrets = secrets;
        this.timeLimit = timeLimit;
    }

    @Override
    public void begin(
            Channel client,
            ClientLogin login,
            BackendConnection server,
            ByteBuf command,
            Listener listener) {
        try {
            new ChangeUserExchange(secrets, client, login, server, listener)
                    .begin(command, timeLimit);
        } finally {
            command.release();
        }
    }
}
