package io.moha.agent.config;

import io.moha.protocol.config.Section;
import java.time.Duration;
import java.util.List;

/**
 * The {@code hooks:} section.
 *
 * @param command run for every event; empty for none
 * @param timeout after which a run is killed
 */
public record HooksConfig(List<String> command, Duration timeout) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

    /** Copies the command. */
    public HooksConfig {
        command = List.copyOf(command);
    }

    static HooksConfig bind(Section section) {
        return new HooksConfig(
                section.strings("command"),
                section.duration("timeout", DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT));
    }
}
