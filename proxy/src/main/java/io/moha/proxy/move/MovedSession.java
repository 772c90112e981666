package io.moha.proxy.move;

import io.moha.proxy.backend.BackendConnection;
import java.util.Map;

/**
 * A session that stands on another server.
 *
 * @param connection owned by the receiver; its pipeline holds nothing but TLS, if that
 * @param serverIds for each client statement id the server's id, unsigned 32 bits; statements that
 *     could not be prepared again are missing
 * @param status the server status after the last step
 */
public record MovedSession(BackendConnection connection, Map<Long, Long> serverIds, int status) {}
