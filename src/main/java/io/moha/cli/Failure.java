package io.moha.cli;

import io.moha.protocol.config.InvalidConfigException;
import io.moha.provision.ProvisionException;
import java.io.IOException;
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
        // What the system said, for example of a file that cannot be written.
        return failure instanceof IOException ? failure.toString() : unexpected(failure);
    }

    private static String unexpected(Throwable failure) {
        return "internal error, please report it: "
                + failure
                + (failure.getStackTrace().length == 0 ? "" : " at " + failure.getStackTrace()[0]);
    }
}
