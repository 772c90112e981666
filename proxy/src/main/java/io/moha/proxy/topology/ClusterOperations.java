package io.moha.proxy.topology;

import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What operators can ask of the cluster through a proxy. Every future ends within its bound; a
 * refusal is a {@link ClusterOperationException} with words for the operator.
 */
public interface ClusterOperations {

    /**
     * Asks for a switchover and waits for its end.
     *
     * @param to the new primary; null lets the primary's agent choose
     * @param by who asks, for people
     * @param timeout after which the cluster abandons it
     * @return the record in its final phase
     */
    CompletableFuture<SwitchoverRecord> switchover(
            @Nullable String to, String by, Duration timeout);

    /**
     * Asks whether a switchover could be done, and does nothing.
     *
     * @param to the new primary; null lets the primary's agent choose
     * @param by who asks, for people
     * @param timeout after which no answer is expected any more
     * @return what would be refused, in words; empty when nothing stands in the way
     */
    CompletableFuture<String> rehearse(@Nullable String to, String by, Duration timeout);

    /** Maintenance mode on; false when it already was. */
    CompletableFuture<Boolean> pause(String by);

    /** Maintenance mode off; false when it already was. */
    CompletableFuture<Boolean> resume();

    /** Every change of primary, the oldest first. */
    CompletableFuture<List<HistoryRecord>> history();
}
