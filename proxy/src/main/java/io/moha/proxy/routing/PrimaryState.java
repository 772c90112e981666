package io.moha.proxy.routing;

/** What may be sent to the primary at the moment. */
public enum PrimaryState {
    /** Everything. */
    SERVING,
    /**
     * A switchover is near: a session inside a transaction goes on, everything that would begin now
     * is held.
     */
    SWITCHING,
    /** Nothing: there is no primary; hold. */
    NONE
}
