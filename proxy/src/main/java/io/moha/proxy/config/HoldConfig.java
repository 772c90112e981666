package io.moha.proxy.config;

import java.time.Duration;

/**
 * How long and how much is held while there is no primary.
 *
 * @param maxWait longest wait of one command or login
 * @param maxSessions most sessions that wait at a time
 * @param maxBytes most bytes of held commands, over all sessions
 */
public record HoldConfig(Duration maxWait, int maxSessions, long maxBytes) {}
