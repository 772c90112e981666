package io.moha.protocol.auth;

import io.moha.protocol.packet.Octets;
import java.security.MessageDigest;

/**
 * The plugin {@code mysql_native_password}, gone from servers since 9.0 but still what MariaDB's
 * clients begin with. The proof is {@code SHA1(pw) XOR SHA1(nonce || SHA1(SHA1(pw)))}.
 */
public final class NativePassword {

    /** The plugin's name. */
    public static final String NAME = "mysql_native_password";

    /** Bytes of a proof. */
    public static final int PROOF_LENGTH = 20;

    private NativePassword() {}

    /** The proof of {@code password} for {@code nonce}; empty for the empty password. */
    public static Octets proof(byte[] password, Octets nonce) {
        if (password.length == 0) {
            return Octets.EMPTY;
        }
        byte[] stage1 = Digests.sha1(password);
        byte[] mask = Digests.sha1(nonce.toBytes(), Digests.sha1(stage1));
        return Octets.of(Digests.xor(stage1, mask));
    }

    /** {@code SHA1(SHA1(password))}: enough to check proofs, not to make them. */
    public static Octets verifier(byte[] password) {
        return Octets.of(Digests.sha1(Digests.sha1(password)));
    }

    /**
     * Whether {@code proof} was made for {@code nonce} with the password behind {@code verifier}.
     */
    public static boolean matches(Octets proof, Octets nonce, Octets verifier) {
        if (proof.length() != PROOF_LENGTH) {
            return false;
        }
        byte[] expected = verifier.toBytes();
        byte[] mask = Digests.sha1(nonce.toBytes(), expected);
        byte[] stage1 = Digests.xor(proof.toBytes(), mask);
        return MessageDigest.isEqual(Digests.sha1(stage1), expected);
    }
}
