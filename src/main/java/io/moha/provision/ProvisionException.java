package io.moha.provision;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be found, fetched or prepared. The message is one line for people that says
 * why and what to do.
 */
public final class ProvisionException extends Exception {

    private static final long serialVersionUID = 1L;

    /** A failure that {@code message} explains completely. */
    public ProvisionException(String message) {
        this(message, null);
    }

    /** A failure with the exception behind it. */
    public ProvisionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
