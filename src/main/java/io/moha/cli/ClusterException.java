package io.moha.cli;

/** The cluster's store could not be asked, or holds what cannot be read. One line for people. */
public final class ClusterException extends Exception {

    private static final long serialVersionUID = 1L;

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
