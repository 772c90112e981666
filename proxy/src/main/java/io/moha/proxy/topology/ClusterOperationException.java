package io.moha.proxy.topology;

/** The cluster refused what an operator asked, or did not answer; the message says which. */
public final class ClusterOperationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With words for the operator. */
    public ClusterOperationException(String message) {
        super(message);
    }
}
