package io.moha.proxy.backend;

/**
 * A client's clear password, kept encrypted under a key that this process made for itself, so that
 * it does not lie open in memory. Immutable; may be shared between the credential cache and
 * sessions.
 */
public final class Credentials {

    /** The empty password. */
    public static final Credentials EMPTY = new Credentials(new byte[0]);

    private final byte[] sealed;

    private Credentials(byte[] sealed) {
        this.sealed = sealed;
    }

    /**
     * Encrypts {@code password} and overwrites it with zeros.
     *
     * @param password the bytes that the client sent, without a NUL behind them
     */
    public static Credentials seal(byte[] password) {
        return password.length == 0 ? EMPTY : new Credentials(SecretBox.PROCESS.seal(password));
    }

    /** The password in clear; the caller overwrites it with zeros as soon as it can. */
    public byte[] open() {
        return isEmpty() ? new byte[0] : SecretBox.PROCESS.open(sealed);
    }

    /** Whether the password is empty. */
    public boolean isEmpty() {
        return sealed.length == 0;
    }

    @Override
    public String toString() {
        return "Credentials";
    }
}
