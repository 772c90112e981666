package io.moha.proxy.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * Limits on clients.
 *
 * @param maxClients most clients at a time, over all listeners; more get error 1040
 * @param maxClientsPerUser most clients of one user at a time; 0 for no limit
 * @param loginTimeout from accept to the end of login
 * @param idleTimeout after which an idle client is disconnected; zero for never
 */
public record LimitsConfig(
        int maxClients, int maxClientsPerUser, Duration loginTimeout, Duration idleTimeout) {

    private static final Duration LONGEST_LOGIN = Duration.ofHours(1);

    static LimitsConfig bind(Section section) {
        return new LimitsConfig(
                section.integer("maxClients", 20_000, 1, 1_000_000),
                section.integer("maxClientsPerUser", 0, 0, 1_000_000),
                section.duration(
                        "loginTimeout",
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        LONGEST_LOGIN),
                section.duration("idleTimeout", Duration.ZERO));
    }
}
