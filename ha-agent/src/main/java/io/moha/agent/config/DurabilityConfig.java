package io.moha.agent.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * The {@code durability:} section.
 *
 * @param mode what to do when too few replicas acknowledge
 * @param acks how many replicas must have a commit before the client is told
 * @param degradeAfter how long too few may acknowledge before {@code mode} applies
 */
public record DurabilityConfig(Mode mode, int acks, Duration degradeAfter) {

    private static final Duration DEFAULT_DEGRADE_AFTER = Duration.ofSeconds(3);
    private static final int MAX_ACKS = 15;

    /** What to do when too few replicas acknowledge. */
    public enum Mode {
        /** Writes wait for as long as it takes. */
        STRICT,
        /** After a grace, the store is told first, then writes go on. */
        SAFE,
        /** As safe, with a shorter grace. */
        AVAILABLE
    }

    static DurabilityConfig bind(Section section) {
        return new DurabilityConfig(
                section.choice("mode", Mode.class, Mode.SAFE),
                section.integer("acks", 1, 1, MAX_ACKS),
                section.duration("degradeAfter", DEFAULT_DEGRADE_AFTER));
    }
}
