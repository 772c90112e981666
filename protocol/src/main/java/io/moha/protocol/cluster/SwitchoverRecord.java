package io.moha.protocol.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The present or last planned switchover. Whoever wants one writes REQUESTED, comparing the key's
 * revision, when there is no record or the last one is not under way; the primary's agent moves it
 * on.
 *
 * @param version of this record's shape, 1
 * @param id unique for each request
 * @param from the primary when the request was taken up; null before
 * @param to the target; null lets the primary's agent choose
 * @param requestedBy who asked, for people
 * @param requestedAtMs wall time of the request, milliseconds since 1970
 * @param timeoutMs the whole operation is abandoned when it did not reach its commit point by then
 * @param phase how far it is
 * @param reason why it was abandoned, or what it waits for; for people
 * @param phaseMillis how long each finished phase took, by lower-case phase name
 */
public record SwitchoverRecord(
        int version,
        String id,
        @Nullable String from,
        @Nullable String to,
        String requestedBy,
        long requestedAtMs,
        long timeoutMs,
        SwitchoverPhase phase,
        String reason,
        Map<String, Long> phaseMillis) {

    /** Copies the map. */
    public SwitchoverRecord {
        phaseMillis = Map.copyOf(phaseMillis);
    }

    /** The reason of a request that asks for a primary at the price of what it lacks. */
    public static final String ACCEPT_LOSS = "forced: what the new primary lacks may be lost";

    /** The reason of a request that may end what stands in its way. */
    public static final String KILL_BLOCKERS = "blockers may be killed";

    /** The reason of a question that is answered with yes. */
    public static final String COULD_BE_DONE = "could be done; nothing was";

    /** Whether connections that stand in the way are to be ended. */
    public boolean killsBlockers() {
        return phase == SwitchoverPhase.REQUESTED && reason.equals(KILL_BLOCKERS);
    }

    /** Whether this is an order to choose a primary although the cluster rightly refuses to. */
    public boolean isForced() {
        return phase == SwitchoverPhase.REQUESTED && reason.equals(ACCEPT_LOSS);
    }
}
