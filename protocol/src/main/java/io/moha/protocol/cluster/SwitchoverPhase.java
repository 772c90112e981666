package io.moha.protocol.cluster;

/** How far a planned switchover has come. HANDED_OVER is the commit point. */
public enum SwitchoverPhase {
    /**
     * Only asked whether it could be done: DONE or ABANDONED is the answer, and nothing is done.
     * Whoever does not know this phase does not take it for a request.
     */
    ASKED,
    /** Asked for; nobody took it up yet. */
    REQUESTED,
    /** The primary's agent checks and warms; writes flow. */
    PREPARING,
    /** Proxies hold what would begin now and let running transactions end. */
    HOLDING,
    /** The old primary is read-only; the target catches up. */
    READ_ONLY,
    /** The leader record names the target: from here only forward. */
    HANDED_OVER,
    /** The target serves. */
    DONE,
    /** Undone, or refused: the old primary serves on. */
    ABANDONED;

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return this == DONE || this == ABANDONED;
    }

    /** Whether another request would come in between; a question may be written over. */
    public boolean isUnderWay() {
        return this != ASKED && !isFinal();
    }
}
