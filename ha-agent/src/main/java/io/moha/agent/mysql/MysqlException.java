package io.moha.agent.mysql;

import org.jspecify.annotations.Nullable;

/** mysqld did not do what was asked; {@link #kind()} says whose fault that is. */
public final class MysqlException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Sorts of failure, which lead to different conclusions about the server. */
    public enum Kind {
        /** No connection: refused, reset, closed. */
        UNREACHABLE,
        /** No answer in time. */
        TIMEOUT,
        /**
         * Wrong credentials or missing privileges: the configuration's fault, never the server's.
         */
        CONFIG,
        /** Too many connections. */
        SATURATED,
        /** The server answered with an error. */
        REFUSED
    }

    private final Kind kind;

    /**
     * A failure of {@code kind}; {@code message} is a sentence for people, and {@code cause} what
     * the driver threw, if it did.
     */
    public MysqlException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Whose fault it is. */
    public Kind kind() {
        return kind;
    }
}
