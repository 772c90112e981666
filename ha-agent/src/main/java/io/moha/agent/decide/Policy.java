package io.moha.agent.decide;

import java.time.Duration;

/**
 * What the operator configured that decisions depend on.
 *
 * @param durability what to do when acknowledgements cannot be had
 * @param acks how many replicas must have a commit before the client is told
 * @param degradeAfter how long acknowledgements may be missing before {@code durability} is applied
 * @param hangAfter how long a server may not answer before it counts as hung
 * @param minTenure how long a primary serves before it is changed without need
 * @param rebuild whether a diverged server is rebuilt without asking
 */
public record Policy(
        Durability durability,
        int acks,
        Duration degradeAfter,
        Duration hangAfter,
        Duration minTenure,
        boolean rebuild) {

    /** What to do when acknowledgements cannot be had. */
    public enum Durability {
        /** Writes block until a replica acknowledges again. */
        STRICT,
        /**
         * The primary serves alone, after it recorded in the store that no other node may be
         * elected: nothing acknowledged is lost, but the loss of that one node stops writes.
         */
        SAFE,
        /** The primary serves on without waiting, and a failover may lose writes. */
        AVAILABLE
    }
}
