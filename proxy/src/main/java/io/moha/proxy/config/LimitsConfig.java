package io.moha.proxy.config;

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
        int maxClients, int maxClientsPerUser, Duration loginTimeout, Duration idleTimeout) {}
