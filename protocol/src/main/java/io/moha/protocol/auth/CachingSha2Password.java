package io.moha.protocol.auth;

import io.moha.protocol.packet.Octets;
import java.security.MessageDigest;

/**
 * The plugin {@code caching_sha2_password}. A client proves its password with {@code SHA256(pw) XOR
 * SHA256(SHA256(SHA256(pw)) || nonce)}; a server that does not have {@code SHA256(SHA256(pw))} at
 * hand asks for the password itself, which only a safe link or RSA may carry.
 */
public final class CachingSha2Password {

    /** The plugin's name. */
    public static final String NAME = "caching_sha2_password";

    /** Bytes of a proof. */
    public static final int PROOF_LENGTH = 32;

    /** What a client sends to get the server's public key. */
    public static final byte REQUEST_PUBLIC_KEY = 2;

    /** What a server says when the proof was enough; OK or an error follows. */
    public static final byte FAST_AUTH_SUCCESS = 3;

    /** What a server says when it needs the password itself. */
    public static final byte FULL_AUTH = 4;

    private CachingSha2Password() {}

    /** The proof of {@code password} for {@code nonce}; empty for the empty password. */
    public static Octets proof(byte[] password, Octets nonce) {
        if (password.length == 0) {
            return Octets.EMPTY;
        }
        byte[] stage1 = Digests.sha256(password);
        byte[] mask = Digests.sha256(Digests.sha256(stage1), nonce.toBytes());
        return Octets.of(Digests.xor(stage1, mask));
    }

    /** {@code SHA256(SHA256(password))}: enough to check proofs, not to make them. */
    public static Octets verifier(byte[] password) {
        return Octets.of(Digests.sha256(Digests.sha256(password)));
    }

    /**
     * Whether {@code proof} was made for {@code nonce} with the password behind {@code verifier}.
     */
    public static boolean matches(Octets proof, Octets nonce, Octets verifier) {
        if (proof.length() != PROOF_LENGTH) {
            return false;
        }
        byte[] expected = verifier.toBytes();
        byte[] mask = Digests.sha256(expected, nonce.toBytes());
        byte[] stage1 = Digests.xor(proof.toBytes(), mask);
        return MessageDigest.isEqual(Digests.sha256(stage1), expected);
    }
}
