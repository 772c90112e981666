package io.moha.proxy.frontend;

import io.moha.protocol.auth.ClearPassword;
import io.moha.protocol.auth.RsaPassword;
import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.Octets;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.tls.PasswordKeys;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Receives a client's password: in clear over TLS, else under our RSA key, which the client may ask
 * for first. Confined to the event loop of the link.
 */
final class PasswordCapture {

    /** Told once, unless the client leaves. */
    interface Listener {

        /** The client sent its password; whether it is right is not known. */
        void onPassword(Credentials credentials);

        /** What the client sent is no password under our key. */
        void onUnreadable();
    }

    private final LoginLink link;
    private final boolean tls;
    private final PasswordKeys keys;
    private final byte keyRequest;
    private final Octets nonce;
    private final Listener listener;

    /**
     * @param tls whether the client's link is encrypted
     * @param keyRequest what the client's plugin sends to get our key
     * @param nonce what the client mixes into its password before it encrypts it
     */
    PasswordCapture(
            LoginLink link,
            boolean tls,
            PasswordKeys keys,
            byte keyRequest,
            Octets nonce,
            Listener listener) {
        this.link = link;
        this.tls = tls;
        this.keys = keys;
        this.keyRequest = keyRequest;
        this.nonce = nonce;
        this.listener = listener;
    }

    /** Takes the client's next packet; leaves its ownership alone. */
    void onPacket(ByteBuf payload) {
        if (tls) {
            byte[] sent = new byte[payload.readableBytes()];
            payload.readBytes(sent);
            listener.onPassword(Credentials.seal(ClearPassword.unterminated(sent)));
            Arrays.fill(sent, (byte) 0);
        } else if (payload.readableBytes() == 1
                && payload.getByte(payload.readerIndex()) == keyRequest) {
            keys.whenReady(
                    link.channel().eventLoop(),
                    pair -> link.send(new AuthMoreData(pair.publicPem())::encode),
                    _ -> listener.onUnreadable());
        } else {
            Octets encrypted = Octets.read(payload, payload.readableBytes());
            keys.whenReady(
                    link.channel().eventLoop(),
                    pair -> decrypt(encrypted, pair),
                    _ -> listener.onUnreadable());
        }
    }

    private void decrypt(Octets encrypted, PasswordKeys.Pair pair) {
        try {
            byte[] password = RsaPassword.decrypt(encrypted, nonce, pair.privateKey());
            listener.onPassword(Credentials.seal(password));
        } catch (GeneralSecurityException e) {
            listener.onUnreadable();
        }
    }
}
