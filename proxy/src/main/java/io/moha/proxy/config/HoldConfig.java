package io.moha.proxy.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * How long and how much is held while there is no primary.
 *
 * @param maxWait longest wait of one command or login
 * @param maxSessions most sessions that wait at a time
 * @param maxBytes most bytes of held commands, over all sessions
 */
public record HoldConfig(Duration maxWait, int maxSessions, long maxBytes) {

    static HoldConfig bind(Section section) {
        return new HoldConfig(
                section.duration("maxWait", Duration.ofSeconds(10)),
                section.integer("maxSessions", 10_000, 0, Integer.MAX_VALUE),
                section.size("maxBytes", 256L << 20));
    }
}
