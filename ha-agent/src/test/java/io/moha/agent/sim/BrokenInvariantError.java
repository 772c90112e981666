package io.moha.agent.sim;

/** What must never happen has happened. */
final class BrokenInvariantError extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    BrokenInvariantError(String invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    /** Its name in the design, such as L1. */
    String invariant() {
        return invariant;
    }
}
