package io.moha.proxy.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.auth.NativePassword;
import io.moha.protocol.auth.RsaPassword;
import io.moha.protocol.auth.Sha256Password;
import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.AuthMoreData;
import io.moha.protocol.packet.AuthSwitchRequest;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.HandshakeV10;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.packet.SslRequest;
import io.moha.proxy.backend.BackendAuth;
import io.moha.proxy.backend.ChallengeRelay;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.config.TlsConfig;
import io.moha.proxy.routing.RoutingTable;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrontendLoginTest {

    private final Scene scene = new Scene();

    @AfterEach
    void nothingIsLeft() {
        if (scene.client != null) {
            scene.client.finishAndReleaseAll();
        }
    }

    @Test
    void greetingOffersWhatTheProxySpeaks() {
        scene.connect(TlsConfig.Mode.PREFERRED);

        HandshakeV10 greeting = scene.greeting();

        assertThat(greeting.serverVersion()).isEqualTo("9.7.4");
        assertThat(ConnectionIds.isProxyId(greeting.connectionId())).isTrue();
        assertThat(greeting.capabilities())
                .matches(c -> Capability.has(c, Capability.LONG_PASSWORD | Capability.SSL))
                .matches(c -> (c & Capability.COMPRESS) == 0)
                .matches(c -> (c & Capability.MULTI_FACTOR_AUTHENTICATION) == 0);
    }

    @Test
    void greetingWaitsUntilAServerWasHeard() {
        scene.picture = RoutingTable.UNKNOWN;
        scene.connect(TlsConfig.Mode.DISABLED);
        assertThat(scene.client().<Object>readOutbound()).isNull();

        scene.publish(Scene.SERVING);

        assertThat(scene.greeting().serverVersion()).isEqualTo("9.7.4");
        assertThat(scene.subscribers).isEmpty();
    }

    @Test
    void knownPasswordIsNotAskedFor() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");

        assertThat(scene.request().auth()).isInstanceOf(BackendAuth.Password.class);
        scene.accept();

        assertThat(AuthMoreData.decode(scene.received()).data())
                .isEqualTo(Octets.of(CachingSha2Password.FAST_AUTH_SUCCESS));
        assertThat(OkPacket.decode(scene.received(), 0).status()).isEqualTo(2);
        assertThat(scene.paths).containsExactly(LoginObserver.LoginPath.CACHED);
        assertThat(scene.sessions).singleElement().matches(ClientLogin::movable);
        assertThat(scene.client().pipeline().get(FrontendLogin.class)).isNull();
    }

    @Test
    void knownPasswordIsRecognisedInANativeProofToo() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.connect(TlsConfig.Mode.DISABLED);
        HandshakeV10 greeting = scene.greeting();
        scene.answer(
                greeting,
                "app",
                NativePassword.NAME,
                NativePassword.proof("pw".getBytes(UTF_8), greeting.nonce()),
                "MariaDB Connector/J");
        scene.accept();

        assertThat(OkPacket.decode(scene.received(), 0).status()).isEqualTo(2);
    }

    @Test
    void clientThatAsksForKeysIsAskedForItsPassword() throws GeneralSecurityException {
        scene.connect(TlsConfig.Mode.DISABLED);
        HandshakeV10 greeting = scene.greeting();
        scene.answer(
                greeting,
                "app",
                CachingSha2Password.NAME,
                Scene.proof("pw", greeting.nonce()),
                "pymysql");
        assertThat(AuthMoreData.decode(scene.received()).data())
                .isEqualTo(Octets.of(CachingSha2Password.FULL_AUTH));
        scene.send(out -> out.writeByte(CachingSha2Password.REQUEST_PUBLIC_KEY));
        Octets pem = AuthMoreData.decode(scene.received()).data();

        scene.send(
                RsaPassword.encrypt(
                                "pw".getBytes(UTF_8), greeting.nonce(), RsaPassword.fromPem(pem))
                        ::writeTo);

        assertThat(scene.request().auth())
                .isInstanceOfSatisfying(
                        BackendAuth.Password.class,
                        auth ->
                                assertThat(auth.credentials().open())
                                        .isEqualTo("pw".getBytes(UTF_8)));
        scene.accept();
        assertThat(OkPacket.decode(scene.received(), 0).status()).isEqualTo(2);
        assertThat(scene.cache.knows("app")).isTrue();
    }

    @Test
    void clientThatMayNotAskForKeysAnswersTheServerItself() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        ChallengeRelay relay = ((BackendAuth.Relayed) scene.request().auth()).relay();
        Sent sent = new Sent();
        Octets nonce = Octets.of("abcdefghijklmnopqrst", US_ASCII);

        relay.onSwitch(new AuthSwitchRequest(CachingSha2Password.NAME, nonce), sent);
        AuthSwitchRequest request = AuthSwitchRequest.decode(scene.received());
        scene.send(Scene.proof("pw", request.nonce())::writeTo);
        relay.onMoreData(ClientAuthentication.fastSuccess(), sent);
        scene.accept();

        assertThat(sent.data).containsExactly(Scene.proof("pw", nonce));
        assertThat(sent.passwords).isZero();
        assertThat(AuthMoreData.decode(scene.received()))
                .isEqualTo(ClientAuthentication.fastSuccess());
        assertThat(OkPacket.decode(scene.received(), 0).status()).isEqualTo(2);
        assertThat(scene.sessions).singleElement().matches(login -> !login.movable());
        assertThat(scene.cache.knows("app")).isFalse();
    }

    @Test
    void clearPasswordNeverCrossesAPlainLink() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "ldap", "pw");
        ChallengeRelay relay = ((BackendAuth.Relayed) scene.request().auth()).relay();
        Sent sent = new Sent();

        relay.onSwitch(new AuthSwitchRequest("mysql_clear_password", Octets.EMPTY), sent);

        assertThat(ErrPacket.decode(scene.received()).number()).isEqualTo(3159);
        assertThat(sent.abandoned).isTrue();
        assertThat(scene.failures).containsExactly(LoginFailure.CLEAR_TEXT);
    }

    @Test
    void emptyPasswordIsTakenAsItIs() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(
                scene.greeting(), "app", CachingSha2Password.NAME, Octets.of((byte) 0), "libmysql");
        scene.accept();

        assertThat(OkPacket.decode(scene.received(), 0).status()).isEqualTo(2);
        assertThat(scene.paths).containsExactly(LoginObserver.LoginPath.EMPTY);
    }

    @Test
    void serversRefusalIsPassedOnAndForgotten() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        ErrPacket error = ErrPacket.of(ErrorCode.ACCESS_DENIED, "Access denied for user 'app'");

        scene.server().onRefused(error);

        assertThat(ErrPacket.decode(scene.received())).isEqualTo(error);
        assertThat(scene.client().isOpen()).isFalse();
        assertThat(scene.failures).containsExactly(LoginFailure.REFUSED_BY_SERVER);
        assertThat(scene.cache.knows("app")).isFalse();
    }

    @Test
    void loginWaitsForAPrimary() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.picture = Scene.NO_PRIMARY;
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        assertThat(scene.request).isNull();

        scene.publish(Scene.SERVING);
        scene.accept();

        assertThat(AuthMoreData.decode(scene.received()))
                .isEqualTo(ClientAuthentication.fastSuccess());
        assertThat(scene.sessions).hasSize(1);
        assertThat(scene.subscribers).isEmpty();
    }

    @Test
    void loginWithoutAPrimaryEndsInTime() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.picture = Scene.NO_PRIMARY;
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");

        pass(Scene.HOLD_LIMIT.toMillis());

        ErrPacket error = ErrPacket.decode(scene.received());
        assertThat(error.number()).isEqualTo(2003);
        assertThat(error.sqlState()).isEqualTo("08S01");
        assertThat(scene.failures).containsExactly(LoginFailure.NO_SERVER);
        assertThat(scene.subscribers).isEmpty();
    }

    @Test
    void libraryThatTakesTheErrorForMalformedGetsAServersNumberForIt() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.picture = Scene.NO_PRIMARY;
        scene.connect(TlsConfig.Mode.DISABLED);
        HandshakeV10 greeting = scene.greeting();
        scene.answer(
                greeting,
                "app",
                greeting.authPlugin(),
                Scene.proof("pw", greeting.nonce()),
                "libmariadb");

        pass(Scene.HOLD_LIMIT.toMillis());

        ErrPacket error = ErrPacket.decode(scene.received());
        assertThat(error.number()).isEqualTo(1053);
        assertThat(error.message().text(UTF_8)).startsWith("Can't connect to MySQL server");
    }

    @Test
    void unreachableServerIsTriedAgain() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        scene.server().onUnreachable(new IOException("connection refused"));
        scene.server = null;

        pass(100);
        scene.accept();

        assertThat(AuthMoreData.decode(scene.received()))
                .isEqualTo(ClientAuthentication.fastSuccess());
        assertThat(scene.sessions).hasSize(1);
    }

    @Test
    void serverThatLosesItsPlaceBeforeItAnswersIsLeftForTheNext() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        scene.publish(Scene.SERVING);
        assertThat(scene.abandoned).isFalse();

        scene.publish(Scene.NO_PRIMARY);
        assertThat(scene.abandoned).isTrue();
        scene.server = null;
        scene.publish(Scene.NEXT_SERVING);
        scene.accept();

        assertThat(AuthMoreData.decode(scene.received()))
                .isEqualTo(ClientAuthentication.fastSuccess());
        assertThat(scene.sessions).hasSize(1);
        assertThat(scene.subscribers).isEmpty();
    }

    @Test
    void loginThatTheClientCanAnswerOnlyOnceIsNotTakenElsewhere() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        ChallengeRelay relay = ((BackendAuth.Relayed) scene.request().auth()).relay();
        Octets nonce = Octets.of("abcdefghijklmnopqrst", US_ASCII);
        relay.onSwitch(new AuthSwitchRequest(CachingSha2Password.NAME, nonce), new Sent());

        scene.publish(Scene.NEXT_SERVING);

        assertThat(scene.abandoned).isFalse();
    }

    @Test
    void loginWhoseServerDiesGoesOnWithThePasswordThatTheClientGave() throws Exception {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");
        ChallengeRelay relay = ((BackendAuth.Relayed) scene.request().auth()).relay();
        Octets nonce = Octets.of("abcdefghijklmnopqrst", US_ASCII);
        Sent sent = new Sent();
        relay.onSwitch(new AuthSwitchRequest(Sha256Password.NAME, nonce), sent);
        scene.received();
        scene.send(out -> out.writeByte(Sha256Password.REQUEST_PUBLIC_KEY));
        Octets pem = AuthMoreData.decode(scene.received()).data();
        scene.send(
                RsaPassword.encrypt("pw".getBytes(UTF_8), nonce, RsaPassword.fromPem(pem))
                        ::writeTo);

        assertThat(sent.passwords).isEqualTo(1);
        scene.server().onUnreachable(new IOException("the server closed the connection"));
        scene.server = null;
        pass(100);

        assertThat(scene.request().auth()).isInstanceOf(BackendAuth.Password.class);
        scene.accept();
        assertThat(OkPacket.decode(scene.received(), 0).status()).isEqualTo(2);
    }

    @Test
    void clientThatLeavesTakesItsServerConnectionAlong() {
        scene.cache.accepted("app", Credentials.seal("pw".getBytes(UTF_8)));
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.answer(scene.greeting(), "app", "pw");

        scene.client().close();

        assertThat(scene.abandoned).isTrue();
        assertThat(scene.failures).containsExactly(LoginFailure.CLIENT_GONE);
    }

    @Test
    void silentClientIsClosedInTime() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.greeting();

        pass(Scene.LOGIN_LIMIT.toMillis());

        assertThat(scene.client().isOpen()).isFalse();
        assertThat(scene.failures).containsExactly(LoginFailure.TIMEOUT);
    }

    @Test
    void clientWithoutPluginsIsRefused() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.greeting();
        SslRequest head = new SslRequest(Capability.PROTOCOL_41, 0, 33);

        scene.send(
                out -> {
                    head.encode(out);
                    out.writeCharSequence("app\0\0", US_ASCII);
                });

        assertThat(ErrPacket.decode(scene.received()).number()).isEqualTo(1251);
        assertThat(scene.failures).containsExactly(LoginFailure.OLD_CLIENT);
    }

    @Test
    void plainClientIsRefusedWhereTlsIsRequired() {
        scene.connect(TlsConfig.Mode.REQUIRED);
        scene.answer(scene.greeting(), "app", "pw");

        assertThat(ErrPacket.decode(scene.received()).number()).isEqualTo(3159);
        assertThat(scene.failures).containsExactly(LoginFailure.TLS_REQUIRED);
    }

    @Test
    void wrongSequenceNumberIsAnsweredWithNumberZero() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.greeting();
        scene.nextSequence = 5;

        scene.send(out -> out.writeByte(1));

        assertThat(ErrPacket.decode(scene.received()).number()).isEqualTo(1156);
        assertThat(scene.nextSequence).isEqualTo(1);
        assertThat(scene.failures).containsExactly(LoginFailure.OUT_OF_ORDER);
    }

    @Test
    void httpRequestIsTold() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.greeting();

        scene.client().writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", US_ASCII));

        assertThat(ErrPacket.decode(scene.received()).number()).isEqualTo(1043);
        assertThat(scene.failures).containsExactly(LoginFailure.HTTP);
    }

    @Test
    void portCheckIsNoFailureOfAClient() {
        scene.connect(TlsConfig.Mode.DISABLED);
        scene.greeting();

        scene.client().close();

        assertThat(scene.failures).containsExactly(LoginFailure.PROBE);
    }

    private void pass(long millis) {
        scene.client().advanceTimeBy(millis + 1, TimeUnit.MILLISECONDS);
        scene.client().runScheduledPendingTasks();
    }

    /** What went to the server. */
    private static final class Sent implements ChallengeRelay.Answers {

        private final List<Octets> data = new ArrayList<>();
        private boolean abandoned;
        private int passwords;

        @Override
        public void send(Octets sent) {
            data.add(sent);
        }

        @Override
        public void password(Credentials credentials) {
            passwords++;
        }

        @Override
        public void abandon() {
            abandoned = true;
        }
    }
}
