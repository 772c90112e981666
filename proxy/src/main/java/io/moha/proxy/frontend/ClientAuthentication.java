package io.moha.proxy.frontend;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.auth.NativePassword;
import io.moha.protocol.auth.Nonces;
import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.Octets;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.backend.LoginLink;
import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Our half of an authentication exchange with a client: comes by its password, from the cache or
 * from the client, without knowing whether it is right. Confined to the event loop of the link.
 *
 * <pre>
 * proof fits the cache                      -> credentials
 * TLS, or a client that will ask for a key  -> [AuthSwitch ->] full authentication -> credentials
 * else                                      -> unknown: let the server ask
 * </pre>
 */
final class ClientAuthentication implements PasswordCapture.Listener {

    /** Told once, unless the client leaves. */
    interface Listener {

        /** The client's password, if it is right. */
        void onCredentials(Credentials credentials, LoginObserver.LoginPath path);

        /** The client cannot be asked for its password; it has to answer the server itself. */
        void onUnknown();

        /** The client sent something that is no password. */
        void onDenied();
    }

    /**
     * What a client gave with its name.
     *
     * @param user who it says it is
     * @param plugin the plugin that made the proof; empty when it is known to be worth nothing
     * @param proof the proof
     * @param nonce what the proof was made for
     */
    record FirstProof(String user, String plugin, Octets proof, Octets nonce) {}

    private final LoginLink link;
    private final boolean tls;
    private final LoginServices.Secrets secrets;
    private final Supplier<ClientTraits> traits;
    private final Listener listener;
    private @Nullable PasswordCapture capture;
    private String user = "";
    private Octets nonce = Octets.EMPTY;
    private boolean fastSuccessOwed;

    /**
     * @param tls whether the client's link is encrypted
     * @param traits asked only when the cache does not help
     */
    ClientAuthentication(
            LoginLink link,
            boolean tls,
            LoginServices.Secrets secrets,
            Supplier<ClientTraits> traits,
            Listener listener) {
        this.link = link;
        this.tls = tls;
        this.secrets = secrets;
        this.traits = traits;
        this.listener = listener;
    }

    /** Begins with what came with the user's name. */
    void begin(FirstProof first) {
        user = first.user();
        nonce = first.nonce();
        boolean isSha2 = first.plugin().equals(CachingSha2Password.NAME);
        boolean isNative = first.plugin().equals(NativePassword.NAME);
        if ((isSha2 || isNative) && isEmptyPassword(first.proof())) {
            listener.onCredentials(Credentials.EMPTY, LoginObserver.LoginPath.EMPTY);
        } else if (!answerFromCache(first.plugin(), first.proof())) {
            askOrGiveUp(first, isSha2, isNative);
        }
    }

    private void askOrGiveUp(FirstProof first, boolean isSha2, boolean isNative) {
        ClientTraits client = traits.get();
        if (!tls && !client.requestsKey() && !mayFitCache(first)) {
            listener.onUnknown();
        } else if (isSha2) {
            askForPassword();
        } else if (isNative && !client.speaksSha2()) {
            listener.onUnknown();
        } else {
            ask();
        }
    }

    /** Whether a proof that is worth something could still be found in the cache. */
    private boolean mayFitCache(FirstProof first) {
        return first.plugin().isEmpty() && secrets.cache().knows(user);
    }

    /** Asks for a proof for a nonce of ours, whatever came before, then for the password. */
    void ask() {
        nonce = Nonces.next();
        link.send(new AuthSwitchRequest(CachingSha2Password.NAME, nonce)::encode);
    }

    /** Takes the client's next packet; leaves its ownership alone. */
    void onPacket(ByteBuf payload) {
        if (capture != null) {
            capture.onPacket(payload);
            return;
        }
        Octets proof = Octets.read(payload, payload.readableBytes());
        if (isEmptyPassword(proof)) {
            listener.onCredentials(Credentials.EMPTY, LoginObserver.LoginPath.EMPTY);
        } else if (!answerFromCache(CachingSha2Password.NAME, proof)) {
            askForPassword();
        }
    }

    /**
     * Whether the client waits to hear that its proof was enough. What it hears instead, if the
     * server refuses, is the error alone.
     */
    boolean fastSuccessOwed() {
        return fastSuccessOwed;
    }

    /** The packet that says so. */
    static AuthMoreData fastSuccess() {
        return new AuthMoreData(Octets.of(CachingSha2Password.FAST_AUTH_SUCCESS));
    }

    private boolean answerFromCache(String plugin, Octets proof) {
        Credentials known = secrets.cache().find(user, plugin, proof, nonce);
        if (known == null) {
            return false;
        }
        fastSuccessOwed = plugin.equals(CachingSha2Password.NAME);
        listener.onCredentials(known, LoginObserver.LoginPath.CACHED);
        return true;
    }

    private void askForPassword() {
        capture =
                new PasswordCapture(
                        link,
                        tls,
                        secrets.keys(),
                        CachingSha2Password.REQUEST_PUBLIC_KEY,
                        nonce,
                        this);
        link.send(new AuthMoreData(Octets.of(CachingSha2Password.FULL_AUTH))::encode);
    }

    /** Some clients send nothing for the empty password, others a NUL. */
    private static boolean isEmptyPassword(Octets proof) {
        return proof.isEmpty() || (proof.length() == 1 && proof.at(0) == 0);
    }

    @Override
    public void onPassword(Credentials credentials) {
        listener.onCredentials(credentials, LoginObserver.LoginPath.PASSWORD);
    }

    @Override
    public void onUnreadable() {
        listener.onDenied();
    }
}
