package io.moha.agent.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * The {@code lease:} section.
 *
 * @param ttl how long after its last renewal a primary may write, and others must wait
 * @param renewEvery how often it is renewed
 * @param margin how long before the end of the lease the guard kills mysqld: more than killing
 *     takes and than clocks drift apart in one ttl
 */
public record LeaseConfig(Duration ttl, Duration renewEvery, Duration margin) {

    private static final Duration DEFAULT_TTL = Duration.ofSeconds(5);
    private static final Duration MIN_TTL = Duration.ofSeconds(1);
    private static final Duration MAX_TTL = Duration.ofMinutes(1);
    private static final Duration MIN_STEP = Duration.ofMillis(100);
    private static final int STEPS = 5;

    static LeaseConfig bind(Section section) {
        Duration ttl = section.duration("ttl", DEFAULT_TTL, MIN_TTL, MAX_TTL);
        Duration step = ttl.dividedBy(STEPS);
        Duration renewEvery = section.duration("renewEvery", step, MIN_STEP, MAX_TTL);
        Duration margin = section.duration("margin", step, MIN_STEP, MAX_TTL);
        // Else one lost renewal would already cost the primary its role.
        section.require(
                renewEvery.multipliedBy(2).plus(margin).compareTo(ttl) < 0,
                "ttl",
                "has to be longer than two times renewEvery and margin together");
        return new LeaseConfig(ttl, renewEvery, margin);
    }
}
