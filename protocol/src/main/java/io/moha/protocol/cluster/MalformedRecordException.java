package io.moha.protocol.cluster;

/** A value in the store that is not what its key promises. */
public final class MalformedRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With what is wrong, and the parser's own exception. */
    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
