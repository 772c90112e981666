package io.moha.protocol.auth;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Message digests, one of each a thread, and what is done with their results. */
final class Digests {

    private static final FastThreadLocal<MessageDigest> SHA_1 = digest("SHA-1");
    private static final FastThreadLocal<MessageDigest> SHA_256 = digest("SHA-256");

    private Digests() {}

    /** SHA-1 of the parts, one after the other. */
    static byte[] sha1(byte[]... parts) {
        return digest(SHA_1.get(), parts);
    }

    /** SHA-256 of the parts, one after the other. */
    static byte[] sha256(byte[]... parts) {
        return digest(SHA_256.get(), parts);
    }

    /** Exclusive or of two strings of the same length, into a new one. */
    static byte[] xor(byte[] left, byte[] right) {
        byte[] result = new byte[left.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (left[i] ^ right[i]);
        }
        return result;
    }

    private static byte[] digest(MessageDigest digest, byte[]... parts) {
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static FastThreadLocal<MessageDigest> digest(String algorithm) {
        return new FastThreadLocal<>() {
            @Override
            protected MessageDigest initialValue() throws NoSuchAlgorithmException {
                return MessageDigest.getInstance(algorithm);
            }
        };
    }
}
