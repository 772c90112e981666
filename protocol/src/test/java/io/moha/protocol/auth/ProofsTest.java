package io.moha.protocol.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.packet.Octets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The proofs are those that real clients made for a real greeting. */
class ProofsTest {

    private static final Octets NONCE = octets("60544c425546037d" + "6329084474466a3872051636");
    private static final byte[] PASSWORD = "apppw".getBytes(UTF_8);

    @Test
    void sha2ProofIsTheOneOfTheMysqlCommandLine() {
        assertThat(CachingSha2Password.proof(PASSWORD, NONCE))
                .isEqualTo(
                        octets("4607437587970e600e7e2222d5cc958cd7d0d9d73df63352b0a3314ed831e8d6"));
    }

    @Test
    void nativeProofIsTheOneOfMariadbsConnector() {
        assertThat(NativePassword.proof(PASSWORD, NONCE))
                .isEqualTo(octets("fd45255934cb2b93ef558d02201173a0801d081f"));
    }

    @Test
    void proofFitsOnlyItsPasswordAndNonce() {
        Octets sha2 = CachingSha2Password.verifier(PASSWORD);
        Octets sha1 = NativePassword.verifier(PASSWORD);
        Octets other = Nonces.next();

        assertThat(
                        CachingSha2Password.matches(
                                CachingSha2Password.proof(PASSWORD, NONCE), NONCE, sha2))
                .isTrue();
        assertThat(
                        CachingSha2Password.matches(
                                CachingSha2Password.proof(PASSWORD, NONCE), other, sha2))
                .isFalse();
        assertThat(
                        CachingSha2Password.matches(
                                CachingSha2Password.proof("x".getBytes(UTF_8), NONCE), NONCE, sha2))
                .isFalse();
        assertThat(NativePassword.matches(NativePassword.proof(PASSWORD, NONCE), NONCE, sha1))
                .isTrue();
        assertThat(NativePassword.matches(NativePassword.proof(PASSWORD, NONCE), other, sha1))
                .isFalse();
    }

    @Test
    void proofOfTheWrongLengthFitsNothing() {
        assertThat(
                        CachingSha2Password.matches(
                                Octets.EMPTY, NONCE, CachingSha2Password.verifier(PASSWORD)))
                .isFalse();
        assertThat(
                        NativePassword.matches(
                                Octets.of((byte) 1), NONCE, NativePassword.verifier(PASSWORD)))
                .isFalse();
    }

    @Test
    void emptyPasswordHasAnEmptyProof() {
        assertThat(CachingSha2Password.proof(new byte[0], NONCE).isEmpty()).isTrue();
        assertThat(NativePassword.proof(new byte[0], NONCE).isEmpty()).isTrue();
    }

    @Test
    void noncesAreTextForClientsThatTakeThemForText() {
        for (int i = 0; i < 1000; i++) {
            byte[] nonce = Nonces.next().toBytes();
            assertThat(nonce).hasSize(20).doesNotContain(0, '$');
            for (byte b : nonce) {
                assertThat(b).isPositive();
            }
        }
    }

    private static Octets octets(String hex) {
        return Octets.of(HexFormat.of().parseHex(hex));
    }
}
