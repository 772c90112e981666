package io.moha.proxy.frontend;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.auth.ClearPassword;
import io.moha.protocol.auth.Sha256Password;
import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.Octets;
import io.moha.proxy.backend.ChallengeRelay;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.tls.PasswordKeys;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Puts a server's challenges to the client, for a client that would give its proof to a server but
 * not its password to us. When the server wants the password itself, the client sends it to us, and
 * then we have it after all. Confined to the event loop of the link.
 */
final class ClientRelay implements ChallengeRelay, PasswordCapture.Listener {

    /** What the relay cannot do itself. */
    interface Listener {

        /** The server named a plugin with which we can ask for the password ourselves. */
        void onCapturable(Answers answers);

        /** The client gave its password. */
        void onCaptured(Credentials credentials);

        /** The client would have to send its password in clear over a link without TLS. */
        void onClearText();

        /** The client sent something that is no password. */
        void onDenied();
    }

    private final LoginLink link;
    private final boolean tls;
    private final PasswordKeys keys;
    private final Listener listener;
    private @Nullable PasswordCapture capture;
    private @Nullable Answers answers;
    private String plugin = "";
    private Octets nonce = Octets.EMPTY;
    private boolean used;
    private boolean fastSuccessOwed;

    /**
     * @param tls whether the client's link is encrypted
     */
    ClientRelay(LoginLink link, boolean tls, PasswordKeys keys, Listener listener) {
        this.link = link;
        this.tls = tls;
        this.keys = keys;
        this.listener = listener;
    }

    /** Whether the client was asked anything, so that another server cannot ask anew. */
    boolean used() {
        return used;
    }

    /** Whether the client waits to hear that its proof was enough. */
    boolean fastSuccessOwed() {
        return fastSuccessOwed;
    }

    @Override
    public void onSwitch(AuthSwitchRequest request, Answers to) {
        used = true;
        plugin = request.plugin();
        nonce = request.nonce();
        answers = to;
        capture = null;
        switch (plugin) {
            case CachingSha2Password.NAME -> {
                if (tls) {
                    listener.onCapturable(to);
                    return;
                }
            }
            case Sha256Password.NAME -> capture(Sha256Password.REQUEST_PUBLIC_KEY);
            case ClearPassword.NAME -> {
                if (!tls) {
                    to.abandon();
                    listener.onClearText();
                    return;
                }
                capture((byte) 0);
            }
            default -> {
                // A proof that we cannot make is between client and server.
            }
        }
        link.send(request::encode);
    }

    @Override
    public void onMoreData(AuthMoreData data, Answers to) {
        answers = to;
        if (plugin.equals(CachingSha2Password.NAME) && data.data().length() == 1) {
            byte step = data.data().at(0);
            if (step == CachingSha2Password.FAST_AUTH_SUCCESS) {
                fastSuccessOwed = true;
                return;
            }
            if (step == CachingSha2Password.FULL_AUTH) {
                capture(CachingSha2Password.REQUEST_PUBLIC_KEY);
            }
        }
        link.send(data::encode);
    }

    /** Takes the client's next packet; leaves its ownership alone. */
    void onPacket(ByteBuf payload) {
        if (capture != null) {
            capture.onPacket(payload);
        } else if (answers != null) {
            answers.send(Octets.read(payload, payload.readableBytes()));
        }
    }

    private void capture(byte keyRequest) {
        capture = new PasswordCapture(link, tls, keys, keyRequest, nonce, this);
    }

    @Override
    public void onPassword(Credentials credentials) {
        listener.onCaptured(credentials);
        if (answers != null) {
            answers.password(credentials);
        }
    }

    @Override
    public void onUnreadable() {
        if (answers != null) {
            answers.abandon();
        }
        listener.onDenied();
    }
}
