package io.moha.protocol.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A password or token. Nothing but {@link #reveal} gives it away: neither logs nor {@code
 * toString}.
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** The secret {@code value}. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The secret itself, for the place that must present it. Never log the result. */
    public String reveal() {
        return value;
    }

    /** Whether {@code attempt} is this secret; takes the same time wherever they differ. */
    public boolean matches(String attempt) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), attempt.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether this is the empty password. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "******";
    }
}
