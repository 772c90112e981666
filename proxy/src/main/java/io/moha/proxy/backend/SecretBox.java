package io.moha.proxy.backend;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Encrypts small secrets with AES-GCM under a random key that never leaves it. Thread-safe. */
final class SecretBox {

    /** The one of this process. */
    static final SecretBox PROCESS = new SecretBox();

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BITS = 256;
    private static final int TAG_BITS = 128;
    private static final int NONCE_BYTES = 12;

    private final SecretKey key;
    // A counter, because a nonce must never come twice under one key.
    private final AtomicLong sealCount = new AtomicLong();
    private final FastThreadLocal<Cipher> ciphers =
            new FastThreadLocal<>() {
                @Override
                protected Cipher initialValue() throws GeneralSecurityException {
                    return Cipher.getInstance(CIPHER);
                }
            };

    SecretBox() {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(KEY_BITS, new SecureRandom());
            key = generator.generateKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has AES", e);
        }
    }

    /** Encrypts {@code clear}, then overwrites it with zeros. */
    byte[] seal(byte[] clear) {
        byte[] nonce = new byte[NONCE_BYTES];
        long number = sealCount.incrementAndGet();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[i] = (byte) (number >>> (8 * i));
        }
        try {
            Cipher cipher = ciphers.get();
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(clear.length));
            cipher.doFinal(clear, 0, clear.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt a secret", e);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** Decrypts what {@link #seal} gave. */
    byte[] open(byte[] sealed) {
        try {
            Cipher cipher = ciphers.get();
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    key,
                    new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
            return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot decrypt a secret", e);
        }
    }
}
