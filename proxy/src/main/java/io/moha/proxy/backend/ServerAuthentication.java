package io.moha.proxy.backend;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.auth.ClearPassword;
import io.moha.protocol.auth.NativePassword;
import io.moha.protocol.auth.RsaPassword;
import io.moha.protocol.auth.Sha256Password;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Our half of an authentication exchange with a server, from the first proof to OK or ERR; the same
 * for a login and for COM_CHANGE_USER. Confined to the event loop of the link.
 *
 * <p>With a password it answers by itself; without one it passes every challenge to a {@link
 * ChallengeRelay}, until that comes up with the password.
 */
public final class ServerAuthentication {

    /** Told once how the exchange ended. */
    public interface Outcome {

        /** The server is convinced. */
        void onOk(OkPacket ok);

        /** The server is not, or asked for what cannot be given. */
        void onErr(ErrPacket error);

        /** The relay gave up. */
        void onAbandoned();
    }

    /**
     * What a server is told first when the proof has to be made for a nonce of its own choice: a
     * plugin that no account has, and something that makes its refusal say "using password: YES".
     */
    public static final AuthSwitchRequest ASK_AGAIN =
            new AuthSwitchRequest("moha_ask_again", Octets.of((byte) 1));

    private static final Octets EMPTY_PASSWORD = Octets.of((byte) 0);
    private static final int NEXT_FACTOR = 0x02;

    private final LoginLink link;
    private final boolean secure;
    private final int capabilities;
    private final Outcome outcome;
    private BackendAuth auth;
    private String plugin = "";
    private Octets nonce = Octets.EMPTY;
    private boolean passwordWanted;

    /**
     * @param secure whether the link may carry a password in clear
     * @param capabilities what was negotiated on the link
     */
    public ServerAuthentication(
            LoginLink link, boolean secure, int capabilities, BackendAuth auth, Outcome outcome) {
        this.link = link;
        this.secure = secure;
        this.capabilities = capabilities;
        this.auth = auth;
        this.outcome = outcome;
    }

    /**
     * Makes the proof that goes along with the user's name.
     *
     * @param serverPlugin the plugin that the server announced
     * @param serverNonce the nonce that the server announced
     * @return the plugin that made the proof, and the proof in {@code nonce}
     */
    public AuthSwitchRequest firstProof(String serverPlugin, Octets serverNonce) {
        return switch (auth) {
            case BackendAuth.Relayed _ -> ASK_AGAIN;
            case BackendAuth.Password(Credentials credentials) -> {
                plugin =
                        serverPlugin.equals(NativePassword.NAME)
                                ? NativePassword.NAME
                                : CachingSha2Password.NAME;
                nonce = serverNonce;
                yield new AuthSwitchRequest(plugin, proof(credentials));
            }
        };
    }

    /** Takes the next packet of the server; leaves its ownership alone. */
    public void onPacket(ByteBuf payload) {
        if (!payload.isReadable()) {
            throw new MalformedPacketException("an empty packet from the server");
        }
        switch (payload.getUnsignedByte(payload.readerIndex())) {
            case OkPacket.HEADER -> outcome.onOk(OkPacket.decode(payload, capabilities));
            case ErrPacket.HEADER -> outcome.onErr(ErrPacket.decode(payload));
            case AuthSwitchRequest.HEADER -> onSwitch(AuthSwitchRequest.decode(payload));
            case AuthMoreData.HEADER -> onMoreData(AuthMoreData.decode(payload));
            case NEXT_FACTOR -> refuse("the account needs more than one factor");
            default -> throw new MalformedPacketException("no packet of an authentication");
        }
    }

    private void onSwitch(AuthSwitchRequest request) {
        plugin = request.plugin();
        nonce = request.nonce();
        switch (auth) {
            case BackendAuth.Password(Credentials credentials) -> answerSwitch(credentials);
            case BackendAuth.Relayed(ChallengeRelay relay) ->
                    relay.onSwitch(request, new RelayAnswers());
        }
    }

    private void answerSwitch(Credentials credentials) {
        switch (plugin) {
            case CachingSha2Password.NAME, NativePassword.NAME -> link.send(proof(credentials));
            case Sha256Password.NAME, ClearPassword.NAME -> sendPassword(credentials);
            default ->
                    refuse("the account's plugin '" + plugin + "' cannot be answered by a proxy");
        }
    }

    private void onMoreData(AuthMoreData more) {
        switch (auth) {
            case BackendAuth.Password(Credentials credentials) -> answerMoreData(more, credentials);
            case BackendAuth.Relayed(ChallengeRelay relay) -> {
                passwordWanted = isFullAuth(more);
                relay.onMoreData(more, new RelayAnswers());
            }
        }
    }

    private void answerMoreData(AuthMoreData more, Credentials credentials) {
        if (passwordWanted) {
            sendEncrypted(more.data(), credentials);
        } else if (isFullAuth(more)) {
            sendPassword(credentials);
        } else if (!isFastSuccess(more)) {
            throw new MalformedPacketException("unexpected auth data for " + plugin);
        }
    }

    private boolean isFullAuth(AuthMoreData more) {
        return isSha2Byte(more, CachingSha2Password.FULL_AUTH);
    }

    private boolean isFastSuccess(AuthMoreData more) {
        return isSha2Byte(more, CachingSha2Password.FAST_AUTH_SUCCESS);
    }

    private boolean isSha2Byte(AuthMoreData more, byte expected) {
        return plugin.equals(CachingSha2Password.NAME)
                && more.data().length() == 1
                && more.data().at(0) == expected;
    }

    /** The proof for the present plugin and nonce, as each plugin writes the empty password. */
    private Octets proof(Credentials credentials) {
        boolean isNative = plugin.equals(NativePassword.NAME);
        if (credentials.isEmpty()) {
            return isNative ? Octets.EMPTY : EMPTY_PASSWORD;
        }
        return withPassword(
                credentials,
                password ->
                        isNative
                                ? NativePassword.proof(password, nonce)
                                : CachingSha2Password.proof(password, nonce));
    }

    /** Sends the password itself, or asks for the key to encrypt it with. */
    private void sendPassword(Credentials credentials) {
        if (secure || credentials.isEmpty()) {
            byte[] sent = withPassword(credentials, ClearPassword::terminated);
            // The buffer is written before send returns, so the copy can go.
            link.send(out -> out.writeBytes(sent));
            Arrays.fill(sent, (byte) 0);
        } else if (plugin.equals(ClearPassword.NAME)) {
            refuse("the account wants its password in clear, and the server's link has no TLS");
        } else {
            passwordWanted = true;
            byte request =
                    plugin.equals(Sha256Password.NAME)
                            ? Sha256Password.REQUEST_PUBLIC_KEY
                            : CachingSha2Password.REQUEST_PUBLIC_KEY;
            link.send(Octets.of(request));
        }
    }

    private void sendEncrypted(Octets pem, Credentials credentials) {
        passwordWanted = false;
        byte[] password = credentials.open();
        try {
            link.send(RsaPassword.encrypt(password, nonce, RsaPassword.fromPem(pem)));
        } catch (GeneralSecurityException e) {
            refuse("the password cannot be encrypted for the server: " + e.getMessage());
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static <T> T withPassword(Credentials credentials, Function<byte[], T> use) {
        byte[] password = credentials.open();
        try {
            return use.apply(password);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private void refuse(String reason) {
        outcome.onErr(ErrPacket.of(ErrorCode.NOT_SUPPORTED_AUTH_MODE, "Cannot log in: " + reason));
    }

    /** Answers for the challenge that the relay was given last. */
    private final class RelayAnswers implements ChallengeRelay.Answers {

        @Override
        public void send(Octets data) {
            link.send(data);
        }

        @Override
        public void password(Credentials credentials) {
            auth = new BackendAuth.Password(credentials);
            if (passwordWanted) {
                passwordWanted = false;
                sendPassword(credentials);
            } else {
                answerSwitch(credentials);
            }
        }

        @Override
        public void abandon() {
            outcome.onAbandoned();
        }
    }
}
