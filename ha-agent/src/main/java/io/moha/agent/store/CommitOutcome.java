package io.moha.agent.store;

/** How a {@link Change} went. */
public sealed interface CommitOutcome {

    /**
     * All of it happened.
     *
     * @param revision that every written key has now
     */
    record Done(long revision) implements CommitOutcome {}

    /**
     * Nothing happened, because an expectation did not hold.
     *
     * @param now the cluster as it was instead
     */
    record CompareFailed(ClusterSnapshot now) implements CommitOutcome {}

    /**
     * No answer: a timeout, no connection, no leader. The change may have happened, may happen yet,
     * or never will; it says nothing about who leads.
     *
     * @param reason for people
     */
    record Unavailable(String reason) implements CommitOutcome {}

    /** It in a word, for metrics. */
    default String label() {
        return switch (this) {
            case Done _ -> "done";
            case CompareFailed _ -> "refused";
            case Unavailable _ -> "unavailable";
        };
    }
}
