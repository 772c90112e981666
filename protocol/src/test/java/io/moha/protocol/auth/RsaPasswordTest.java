package io.moha.protocol.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.protocol.packet.Octets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RsaPasswordTest {

    private static final int LONGEST_WITH_2048_BITS = 213;

    private static KeyPair pair;

    @BeforeAll
    static void makeKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        pair = generator.generateKeyPair();
    }

    @Test
    void passwordSurvivesTheWay() throws GeneralSecurityException {
        Octets nonce = Nonces.next();

        Octets encrypted =
                RsaPassword.encrypt("p\u00e4ssword".getBytes(UTF_8), nonce, pair.getPublic());

        assertThat(encrypted.length()).isEqualTo(256);
        assertThat(RsaPassword.decrypt(encrypted, nonce, pair.getPrivate()))
                .isEqualTo("p\u00e4ssword".getBytes(UTF_8));
    }

    @Test
    void keySurvivesThePem() throws GeneralSecurityException {
        Octets pem = RsaPassword.toPem(pair.getPublic());

        assertThat(pem.text(US_ASCII)).startsWith("-----BEGIN PUBLIC KEY-----\n");
        assertThat(RsaPassword.fromPem(pem)).isEqualTo(pair.getPublic());
    }

    @Test
    void passwordThatDoesNotFitTheKeyIsRefused() throws GeneralSecurityException {
        byte[] longest = new byte[LONGEST_WITH_2048_BITS];
        Arrays.fill(longest, (byte) 'x');
        Octets nonce = Nonces.next();

        Octets encrypted = RsaPassword.encrypt(longest, nonce, pair.getPublic());

        assertThat(RsaPassword.decrypt(encrypted, nonce, pair.getPrivate())).isEqualTo(longest);
        assertThatThrownBy(
                        () ->
                                RsaPassword.encrypt(
                                        new byte[LONGEST_WITH_2048_BITS + 1],
                                        nonce,
                                        pair.getPublic()))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void noiseIsNoPasswordAndNoKey() {
        assertThatThrownBy(
                        () ->
                                RsaPassword.decrypt(
                                        Octets.of(new byte[256]), Nonces.next(), pair.getPrivate()))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> RsaPassword.fromPem(Octets.of("nonsense", US_ASCII)))
                .isInstanceOf(GeneralSecurityException.class);
    }
}
