package io.moha.protocol.auth;

import io.moha.protocol.packet.HandshakeV10;
import io.moha.protocol.packet.Octets;
import io.netty.util.concurrent.FastThreadLocal;
import java.security.SecureRandom;

/** Makes the random strings that clients mix into their proofs. */
public final class Nonces {

    // One a thread: the system's generator takes a lock that logins would queue for.
    private static final FastThreadLocal<SecureRandom> RANDOM =
            new FastThreadLocal<>() {
                @Override
                protected SecureRandom initialValue() {
                    return new SecureRandom();
                }
            };

    private Nonces() {}

    /**
     * A new nonce of 20 bytes, each from 1 to 127 and no dollar sign. Servers keep to the same
     * rule, and some clients depend on it: they take a nonce for a C string or for ASCII.
     */
    public static Octets next() {
        byte[] nonce = new byte[HandshakeV10.NONCE_LENGTH];
        RANDOM.get().nextBytes(nonce);
        for (int i = 0; i < nonce.length; i++) {
            int b = nonce[i] & 0x7F;
            nonce[i] = (byte) (b == 0 || b == '$' ? b + 1 : b);
        }
        return Octets.of(nonce);
    }
}
