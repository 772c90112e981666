package io.moha.cli;

import io.moha.protocol.config.InvalidConfigException;
import io.moha.provision.ProvisionException;
import org.jspecify.annotations.Nullable;

/** A command cannot do its job. The message is one line that says why and what to do. */
final class Failure extends Exception {

    private static final long serialVersionUID = 1L;

    Failure(String message) {
        this(message, null);
    }

    Failure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What to say of {@code failure} on standard error. */
    static String describe(Throwable failure) {
        String message = failure.getMessage();
        boolean ours =
                failure instanceof Failure
                        || failure instanceof ClusterException
                        || failure instanceof ProvisionException
                        || failure instanceof InvalidConfigException;
        if (ours && message != null) {
            return message;
        }
        return "internal error, please report it: " + failure;
    }
}
