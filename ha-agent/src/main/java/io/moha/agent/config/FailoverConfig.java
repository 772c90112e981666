package io.moha.agent.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * The {@code failover:} section.
 *
 * @param hangAfter how long a primary may make no progress at all before it counts as dead
 * @param minTenure how long a primary stays before a planned change, unless it dies
 */
public record FailoverConfig(Duration hangAfter, Duration minTenure) {

    private static final Duration DEFAULT_HANG_AFTER = Duration.ofSeconds(10);
    private static final Duration DEFAULT_MIN_TENURE = Duration.ofSeconds(60);
    private static final Duration MIN_HANG_AFTER = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofDays(1);

    static FailoverConfig bind(Section section) {
        return new FailoverConfig(
                section.duration("hangAfter", DEFAULT_HANG_AFTER, MIN_HANG_AFTER, MAX),
                section.duration("minTenure", DEFAULT_MIN_TENURE, Duration.ZERO, MAX));
    }
}
