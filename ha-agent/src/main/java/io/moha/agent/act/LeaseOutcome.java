package io.moha.agent.act;

import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.CommitOutcome;
import org.jspecify.annotations.Nullable;

/** How a change of the leader record by its holder, or would-be holder, went. */
public sealed interface LeaseOutcome {

    /**
     * It is in the store.
     *
     * @param revision of the keys written
     */
    record Done(long revision) implements LeaseOutcome {}

    /**
     * It did not happen: something it compared had changed. Whether this node still leads is told
     * by {@link LeaseKeeper#tenure()}.
     *
     * @param reason for people
     * @param now the cluster as it was instead; null when the change was refused here
     */
    record Refused(String reason, @Nullable ClusterSnapshot now) implements LeaseOutcome {}

    /**
     * The store did not answer; it may have happened.
     *
     * @param reason for people
     */
    record Unavailable(String reason) implements LeaseOutcome {}

    /** How a write went that is nobody's hold on the record. */
    static LeaseOutcome of(CommitOutcome outcome) {
        return switch (outcome) {
            case CommitOutcome.Done(long written) -> new Done(written);
            case CommitOutcome.CompareFailed(ClusterSnapshot now) ->
                    new Refused("the record had changed", now);
            case CommitOutcome.Unavailable(String reason) -> new Unavailable(reason);
        };
    }
}
