package io.moha.bench.proc;

/** A measurement cannot go on; the message is for the person who started it. */
public final class BenchException extends RuntimeException {

    /** A failure that {@code message} explains. */
    public BenchException(String message) {
        super(message);
    }

    /** A failure that {@code message} explains, brought about by {@code cause}. */
    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
