package io.moha.proxy.tls;

import io.moha.protocol.auth.RsaPassword;
import io.moha.protocol.packet.Octets;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The RSA key under which clients without TLS send their password when they ask for it.
 * Thread-safe.
 */
public final class PasswordKeys {

    /**
     * A key pair.
     *
     * @param publicPem what a client gets
     * @param privateKey what decrypts its password
     */
    public record Pair(Octets publicPem, PrivateKey privateKey) {}

    private static final String KEY_FILE = "private_key.pem";
    private static final int KEY_BITS = 2048;

    private final LateValue<Pair> pair;

    private PasswordKeys(LateValue<Pair> pair) {
        this.pair = pair;
    }

    /**
     * Reads or makes a key in the background.
     *
     * @param directory where the key is kept, under the name that mysqld gives its own, so that an
     *     operator can put the servers' key here for clients that were told it; null makes a new
     *     one each time
     */
    public static PasswordKeys start(@Nullable Path directory, Executor executor) {
        return new PasswordKeys(
                LateValue.make("RSA key for passwords", () -> loadOrMake(directory), executor));
    }

    private static Pair loadOrMake(@Nullable Path directory) {
        try {
            if (directory == null) {
                return pair((RSAPrivateCrtKey) newPair().getPrivate());
            }
            Path file = directory.resolve(KEY_FILE);
            if (!Files.exists(file)) {
                Files.createDirectories(directory);
                PemFiles.write(file, "PRIVATE KEY", newPair().getPrivate().getEncoded());
            }
            if (PemFiles.readPrivateKey(file) instanceof RSAPrivateCrtKey key) {
                return pair(key);
            }
            throw new IOException(file + " holds no RSA key");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make an RSA key", e);
        }
    }

    private static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(KEY_BITS);
        return generator.generateKeyPair();
    }

    private static Pair pair(RSAPrivateCrtKey key) throws GeneralSecurityException {
        RSAPublicKeySpec spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
        return new Pair(RsaPassword.toPem(KeyFactory.getInstance("RSA").generatePublic(spec)), key);
    }

    /** Hands the pair to {@code use} on {@code executor}, as soon as there is one. */
    public void whenReady(EventExecutor executor, Consumer<Pair> use, Consumer<Throwable> failed) {
        pair.whenReady(executor, use, failed);
    }
}
