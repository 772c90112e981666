package io.moha.agent.act;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The other members' agents, spoken to without the store. */
public interface Peers {

    /**
     * An answer.
     *
     * @param granted whether the promise was given
     * @param epoch highest epoch that the one who answers knows
     */
    record Promised(boolean granted, long epoch) {}

    /**
     * Asks every one of {@code peers}, host:port by id, at the same time to promise that it takes
     * part in no election after {@code epoch} of {@code holder} for {@code ttl} from when it
     * answers. Blocks at most for {@code limit}.
     *
     * @return by id, the answers that came in time
     */
    Map<String, Promised> ask(
            Map<String, String> peers, long epoch, String holder, Duration ttl, Duration limit);

    /**
     * Asks the agent at {@code address}, host:port, to get ready for the switchover {@code
     * operation}, whose target it is. Returns at once.
     *
     * @return whether it is; false also when it does not answer within {@code limit}. Never ends
     *     exceptionally
     */
    CompletableFuture<Boolean> getReady(String address, String operation, Duration limit);

    /**
     * Asks the agent at {@code address}, host:port, to apply all of {@code gtids}, as target of a
     * switchover in {@code epoch}. Returns at once.
     *
     * @return whether it has; false also when it does not answer within {@code limit}. Never ends
     *     exceptionally
     */
    CompletableFuture<Boolean> catchUp(String address, long epoch, String gtids, Duration limit);
}
