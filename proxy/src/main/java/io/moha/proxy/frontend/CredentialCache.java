package io.moha.proxy.frontend;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.moha.protocol.auth.CachingSha2Password;
import io.moha.protocol.auth.NativePassword;
import io.moha.protocol.packet.Octets;
import io.moha.proxy.backend.Credentials;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passwords that a server accepted, by user. A client whose proof fits one is spared the round
 * trips of sending its password; whether it may come in is still the server's decision, every time.
 * Thread-safe.
 */
public final class CredentialCache {

    private record Verified(Credentials credentials, Octets sha2, Octets sha1) {}

    private final Cache<String, Verified> byUser;

    /**
     * @param maxUsers most users remembered
     * @param lifetime how long a user is remembered after its last login
     */
    public CredentialCache(int maxUsers, Duration lifetime) {
        byUser = Caffeine.newBuilder().maximumSize(maxUsers).expireAfterAccess(lifetime).build();
    }

    /**
     * The password with which {@code proof} was made, or null when it is not known.
     *
     * @param plugin the plugin that made the proof; any other than the two with proofs fits nothing
     */
    @Nullable Credentials find(String user, String plugin, Octets proof, Octets nonce) {
        Verified verified = byUser.getIfPresent(user);
        if (verified == null) {
            return null;
        }
        boolean matches =
                switch (plugin) {
                    case CachingSha2Password.NAME ->
                            CachingSha2Password.matches(proof, nonce, verified.sha2);
                    case NativePassword.NAME -> NativePassword.matches(proof, nonce, verified.sha1);
                    default -> false;
                };
        return matches ? verified.credentials : null;
    }

    /** Whether anything is known of {@code user}. */
    boolean knows(String user) {
        return byUser.getIfPresent(user) != null;
    }

    /** Remembers what a server has just accepted. */
    void accepted(String user, Credentials credentials) {
        byte[] password = credentials.open();
        try {
            byUser.put(
                    user,
                    new Verified(
                            credentials,
                            CachingSha2Password.verifier(password),
                            NativePassword.verifier(password)));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    /**
     * Forgets {@code user}, because a server has just rejected what is remembered. Also for
     * sessions that find it out when they move.
     */
    public void rejected(String user) {
        byUser.invalidate(user);
    }
}
