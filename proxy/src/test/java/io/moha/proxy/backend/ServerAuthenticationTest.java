package io.moha.proxy.backend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketSequence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerAuthenticationTest {

    private static final byte[] PASSWORD = "pw".getBytes(UTF_8);
    private static final Octets GREETED = Octets.of("01234567890123456789", US_ASCII);
    private static final Octets SWITCHED = Octets.of("abcdefghijklmnopqrst", US_ASCII);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void proofFitsTheGreeting() {
        ServerAuthentication authentication = with(true);

        AuthSwitchRequest first = authentication.firstProof(CachingSha2Password.NAME, GREETED);

        assertThat(first)
                .isEqualTo(
                        new AuthSwitchRequest(
                                CachingSha2Password.NAME,
                                CachingSha2Password.proof(PASSWORD, GREETED)));
    }

    @Test
    void warmServerNeedsNoMore() {
        ServerAuthentication authentication = begun(true);

        feed(authentication, new AuthMoreData(Octets.of((byte) 3))::encode);
        feed(authentication, out -> OkPacket.of(2).encode(out, 0, 0));

        assertThat(channel.<Object>readOutbound()).isNull();
        assertThat(recorder.ok).isEqualTo(OkPacket.of(2));
    }

    @Test
    void coldServerGetsThePasswordOverTls() {
        ServerAuthentication authentication = begun(true);

        feed(authentication, new AuthMoreData(Octets.of((byte) 4))::encode);

        assertThat(sent()).isEqualTo(Octets.of(ClearPassword.terminated(PASSWORD)));
    }

    @Test
    void coldServerGetsThePasswordUnderItsKeyWithoutTls() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        ServerAuthentication authentication = begun(false);

        feed(authentication, new AuthMoreData(Octets.of((byte) 4))::encode);
        assertThat(sent()).isEqualTo(Octets.of(CachingSha2Password.REQUEST_PUBLIC_KEY));
        feed(authentication, new AuthMoreData(RsaPassword.toPem(pair.getPublic()))::encode);

        assertThat(RsaPassword.decrypt(sent(), GREETED, pair.getPrivate())).isEqualTo(PASSWORD);
    }

    @Test
    void otherPluginGetsAnotherProof() {
        ServerAuthentication authentication = begun(true);

        feed(authentication, new AuthSwitchRequest(NativePassword.NAME, SWITCHED)::encode);

        assertThat(sent()).isEqualTo(NativePassword.proof(PASSWORD, SWITCHED));
    }

    @Test
    void sha256AsksForItsKeyWithItsOwnByte() {
        ServerAuthentication authentication = begun(false);

        feed(authentication, new AuthSwitchRequest(Sha256Password.NAME, SWITCHED)::encode);

        assertThat(sent()).isEqualTo(Octets.of(Sha256Password.REQUEST_PUBLIC_KEY));
    }

    @Test
    void clearPasswordNeverCrossesAPlainLink() {
        ServerAuthentication authentication = begun(false);

        feed(authentication, new AuthSwitchRequest(ClearPassword.NAME, Octets.EMPTY)::encode);

        assertThat(channel.<Object>readOutbound()).isNull();
        assertThat(recorder.error).isNotNull();
    }

    @Test
    void unknownPluginIsRefused() {
        ServerAuthentication authentication = begun(true);

        feed(authentication, new AuthSwitchRequest("authentication_kerberos", SWITCHED)::encode);

        assertThat(recorder.error)
                .extracting(ErrPacket::number)
                .isEqualTo(ErrorCode.NOT_SUPPORTED_AUTH_MODE.number());
    }

    @Test
    void proofOfOldPasswordsIsRefused() {
        ServerAuthentication authentication = begun(true);

        feed(authentication, out -> out.writeByte(AuthSwitchRequest.HEADER));

        assertThat(recorder.error).isNotNull();
    }

    @Test
    void serversWordsArePassedOn() {
        ServerAuthentication authentication = begun(true);
        ErrPacket error = new ErrPacket(3118, "HY000", Octets.of("locked", UTF_8));

        feed(authentication, error::encode);

        assertThat(recorder.error).isEqualTo(error);
    }

    @Test
    void relayedPasswordContinuesTheExchange() {
        Asked asked = new Asked();
        ServerAuthentication authentication = with(true, new BackendAuth.Relayed(asked));
        assertThat(authentication.firstProof(CachingSha2Password.NAME, GREETED))
                .isEqualTo(ServerAuthentication.ASK_AGAIN);
        feed(authentication, new AuthSwitchRequest(CachingSha2Password.NAME, SWITCHED)::encode);
        feed(authentication, new AuthMoreData(Octets.of((byte) 4))::encode);

        requireNonNull(asked.answers).password(Credentials.seal(PASSWORD.clone()));

        assertThat(sent()).isEqualTo(Octets.of(ClearPassword.terminated(PASSWORD)));
    }

    private ServerAuthentication with(boolean secure) {
        return with(secure, new BackendAuth.Password(Credentials.seal(PASSWORD.clone())));
    }

    private ServerAuthentication with(boolean secure, BackendAuth auth) {
        LoginLink link = new LoginLink(channel, new PacketSequence());
        return new ServerAuthentication(link, secure, 0, auth, recorder);
    }

    private ServerAuthentication begun(boolean secure) {
        ServerAuthentication authentication = with(secure);
        authentication.firstProof(CachingSha2Password.NAME, GREETED);
        return authentication;
    }

    private static void feed(ServerAuthentication authentication, Consumer<ByteBuf> payload) {
        ByteBuf packet = Unpooled.buffer();
        payload.accept(packet);
        authentication.onPacket(packet);
        packet.release();
    }

    private Octets sent() {
        ByteBuf packet = channel.readOutbound();
        packet.skipBytes(PacketHeader.SIZE);
        Octets payload = Octets.read(packet, packet.readableBytes());
        packet.release();
        return payload;
    }

    private static final class Recorder implements ServerAuthentication.Outcome {

        private @Nullable OkPacket ok;
        private @Nullable ErrPacket error;

        @Override
        public void onOk(OkPacket packet) {
            ok = packet;
        }

        @Override
        public void onErr(ErrPacket packet) {
            error = packet;
        }

        @Override
        public void onAbandoned() {
            throw new AssertionError("nobody gave up");
        }
    }

    private static final class Asked implements ChallengeRelay {

        private @Nullable Answers answers;

        @Override
        public void onSwitch(AuthSwitchRequest request, Answers to) {
            answers = to;
        }

        @Override
        public void onMoreData(AuthMoreData data, Answers to) {
            answers = to;
        }
    }
}
