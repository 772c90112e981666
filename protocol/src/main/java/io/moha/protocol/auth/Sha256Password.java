package io.moha.protocol.auth;

/**
 * The plugin {@code sha256_password}, deprecated but still in servers. It knows no proof: the
 * password itself is sent, in clear on a safe link, else under RSA.
 */
public final class Sha256Password {

    /** The plugin's name. */
    public static final String NAME = "sha256_password";

    /** What a client sends to get the server's public key; not the same as for caching_sha2. */
    public static final byte REQUEST_PUBLIC_KEY = 1;

    private Sha256Password() {}
}
