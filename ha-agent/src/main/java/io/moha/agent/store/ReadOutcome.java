package io.moha.agent.store;

/** How a read of the cluster went. */
public sealed interface ReadOutcome {

    /**
     * A linearizable picture.
     *
     * @param snapshot what was there
     */
    record Read(ClusterSnapshot snapshot) implements ReadOutcome {}

    /**
     * No answer, or a value that cannot be understood.
     *
     * @param reason for people
     */
    record Unavailable(String reason) implements ReadOutcome {}
}
