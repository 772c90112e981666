package io.moha.proxy.backend;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.netty.channel.EventLoop;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One login that may have to wait for another of the same {@link Account}. Fields are touched on
 * its event loop only.
 */
final class QueuedLogin implements BackendLoginListener {

    private final EventLoop loop;
    private final Credentials credentials;
    private final Function<BackendLoginListener, BackendConnector.Attempt> starter;
    private final BackendLoginListener listener;
    private final Account account;
    private BackendConnector.@Nullable Attempt attempt;
    private boolean ended;

    /**
     * @param starter begins the login and tells the listener it is given
     * @param listener told in the end
     */
    QueuedLogin(
            EventLoop loop,
            Credentials credentials,
            Function<BackendLoginListener, BackendConnector.Attempt> starter,
            BackendLoginListener listener,
            Account account) {
        this.loop = loop;
        this.credentials = credentials;
        this.starter = starter;
        this.listener = listener;
        this.account = account;
    }

    /** Begins; callable from any thread. */
    void start() {
        if (loop.inEventLoop()) {
            startHere();
        } else {
            loop.execute(this::startHere);
        }
    }

    private void startHere() {
        if (ended) {
            account.onEnd(this);
        } else {
            attempt = starter.apply(this);
        }
    }

    /** Gives up, waiting or running. */
    void abandon() {
        if (!ended) {
            ended = true;
            if (attempt != null) {
                attempt.abandon();
            }
            account.onEnd(this);
        }
    }

    /** Whether both have the same password. */
    boolean hasPasswordOf(QueuedLogin other) {
        byte[] own = credentials.open();
        byte[] others = other.credentials.open();
        try {
            return MessageDigest.isEqual(own, others);
        } finally {
            Arrays.fill(own, (byte) 0);
            Arrays.fill(others, (byte) 0);
        }
    }

    @Override
    public void onReady(BackendConnection connection) {
        ended = true;
        account.onSuccess();
        listener.onReady(connection);
    }

    @Override
    public void onRefused(ErrPacket error) {
        ended = true;
        if (error.number() == ErrorCode.ACCESS_DENIED.number()) {
            account.onRejected(this).forEach(same -> same.refuse(error));
        } else {
            account.onEnd(this);
        }
        listener.onRefused(error);
    }

    private void refuse(ErrPacket error) {
        loop.execute(
                () -> {
                    if (!ended) {
                        ended = true;
                        listener.onRefused(error);
                    }
                });
    }

    @Override
    public void onUnreachable(Throwable cause) {
        ended = true;
        account.onEnd(this);
        listener.onUnreachable(cause);
    }
}
