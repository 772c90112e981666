package io.moha.protocol.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moha.protocol.packet.Octets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;

/**
 * A password under RSA, as both SHA-2 plugins send it on a link without TLS: the NUL-terminated
 * password, exclusive-or the nonce over and over, in RSA-OAEP with SHA-1 (servers and clients from
 * 8.0.5 on).
 */
public final class RsaPassword {

    private static final String CIPHER = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";
    // OAEP with SHA-1 takes two digests and two bytes of the modulus.
    private static final int OVERHEAD = 42;
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";
    private static final int PEM_LINE = 64;

    private RsaPassword() {}

    /**
     * Encrypts {@code password} for the owner of {@code key}.
     *
     * @throws GeneralSecurityException when it is too long for the key
     */
    public static Octets encrypt(byte[] password, Octets nonce, PublicKey key)
            throws GeneralSecurityException {
        byte[] masked = ClearPassword.terminated(password);
        mask(masked, nonce);
        try {
            if (key instanceof RSAKey rsa
                    && masked.length > rsa.getModulus().bitLength() / 8 - OVERHEAD) {
                throw new GeneralSecurityException("the password is too long for the RSA key");
            }
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return Octets.of(cipher.doFinal(masked));
        } finally {
            Arrays.fill(masked, (byte) 0);
        }
    }

    /**
     * Decrypts what {@link #encrypt} or a client made.
     *
     * @return the password without its NUL, which the caller overwrites when done
     * @throws GeneralSecurityException when it was not made for this key
     */
    public static byte[] decrypt(Octets encrypted, Octets nonce, PrivateKey key)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.DECRYPT_MODE, key);
        byte[] masked = cipher.doFinal(encrypted.toBytes());
        try {
            mask(masked, nonce);
            return ClearPassword.unterminated(masked);
        } finally {
            Arrays.fill(masked, (byte) 0);
        }
    }

    /** {@code key} as the PEM text that servers send. */
    public static Octets toPem(PublicKey key) {
        Base64.Encoder lines = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'});
        String body = lines.encodeToString(key.getEncoded());
        return Octets.of(BEGIN + "\n" + body + "\n" + END + "\n", US_ASCII);
    }

    /**
     * Reads the PEM text that a server sent.
     *
     * @throws GeneralSecurityException when it is no RSA key
     */
    public static PublicKey fromPem(Octets pem) throws GeneralSecurityException {
        String text = pem.text(US_ASCII);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new GeneralSecurityException("no PEM public key");
        }
        try {
            byte[] encoded =
                    Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the PEM public key is not base64", e);
        }
    }

    private static void mask(byte[] bytes, Octets nonce) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= nonce.at(i % nonce.length());
        }
    }
}
