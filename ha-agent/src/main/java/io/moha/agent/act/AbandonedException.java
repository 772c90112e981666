package io.moha.agent.act;

/** An action stopped by itself, because what it was for is over or cannot be had now. */
public final class AbandonedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With the reason, for people. */
    public AbandonedException(String reason) {
        super(reason);
    }
}
