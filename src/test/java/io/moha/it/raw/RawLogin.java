package io.moha.it.raw;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;

/**
 * How a raw client logs in: without TLS, with caching_sha2_password, asking for the server's key
 * when it must show the password.
 *
 * @param user name of the account
 * @param password of the account
 * @param schema to begin in; empty for none
 * @param caps capabilities to ask for, besides those that the other fields imply
 * @param collation number in the handshake
 * @param attributes connection attributes; sent when not empty
 */
public record RawLogin(
        String user,
        String password,
        String schema,
        int caps,
        int collation,
        Map<String, String> attributes) {

    private static final int UTF8MB4 = 45;
    private static final String PLUGIN = "caching_sha2_password";

    /** As {@code user} with capabilities {@code caps} and nothing special. */
    public static RawLogin as(String user, String password, int caps) {
        return new RawLogin(user, password, "", caps, UTF8MB4, Map.of());
    }

    /** The same, beginning in {@code newSchema}. */
    public RawLogin in(String newSchema) {
        return new RawLogin(
                user, password, newSchema, caps | Caps.CONNECT_WITH_DB, collation, attributes);
    }

    /** Does the whole exchange; the result is the packet that ended it, OK or ERR. */
    Packet run(Wire wire, Packet greeting) throws IOException {
        byte[] nonce = nonceOf(greeting);
        wire.send(1, response(nonce));
        Packet packet = wire.read();
        while (true) {
            switch (packet.first()) {
                case 0xFE -> {
                    nonce = switchNonce(packet);
                    wire.send(packet.sequence() + 1, proof(nonce));
                }
                case 0x01 -> answerMoreData(wire, packet, nonce);
                default -> {
                    return packet;
                }
            }
            packet = wire.read();
        }
    }

    private void answerMoreData(Wire wire, Packet packet, byte[] nonce) throws IOException {
        int what = packet.payload()[1];
        if (what == 4) {
            wire.send(packet.sequence() + 1, new byte[] {2});
        } else if (what != 3) {
            byte[] pem = Arrays.copyOfRange(packet.payload(), 1, packet.payload().length);
            wire.send(packet.sequence() + 1, encrypted(pem, nonce));
        }
    }

    /** The answer to a greeting with {@code nonce}. */
    byte[] response(byte[] nonce) {
        int asked = attributes.isEmpty() ? caps : caps | Caps.CONNECT_ATTRS;
        Bytes bytes = new Bytes().int4(asked).int4(1 << 24).int1(collation).raw(new byte[23]);
        byte[] proof = proof(nonce);
        bytes.nul(user).int1(proof.length).raw(proof);
        if (Caps.has(asked, Caps.CONNECT_WITH_DB)) {
            bytes.nul(schema);
        }
        bytes.nul(PLUGIN);
        if (!attributes.isEmpty()) {
            Bytes pairs = new Bytes();
            attributes.forEach((key, value) -> pairs.string(key).string(value));
            bytes.string(pairs.done());
        }
        return bytes.done();
    }

    /** The 20 random bytes of a greeting. */
    static byte[] nonceOf(Packet greeting) {
        byte[] payload = greeting.payload();
        int version = 1;
        while (payload[version] != 0) {
            version++;
        }
        int first = version + 1 + 4;
        byte[] nonce = Arrays.copyOfRange(payload, first, first + 20);
        System.arraycopy(payload, first + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10, nonce, 8, 12);
        return nonce;
    }

    private static byte[] switchNonce(Packet packet) {
        byte[] payload = packet.payload();
        return Arrays.copyOfRange(payload, payload.length - 21, payload.length - 1);
    }

    private byte[] proof(byte[] nonce) {
        if (password.isEmpty()) {
            return new byte[0];
        }
        byte[] once = sha256(password.getBytes(StandardCharsets.UTF_8));
        return xor(once, sha256(sha256(once), nonce));
    }

    private byte[] encrypted(byte[] pem, byte[] nonce) {
        byte[] secret = (password + "\0").getBytes(StandardCharsets.UTF_8);
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key(pem));
            return cipher.doFinal(xor(secret, nonce));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicKey key(byte[] pem) throws GeneralSecurityException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    }

    private static byte[] xor(byte[] text, byte[] key) {
        byte[] result = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            result[i] = (byte) (text[i] ^ key[i % key.length]);
        }
        return result;
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
