package io.moha.proxy.move;

import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that has to exist again on another server.
 *
 * @param clientId the number by which the client knows it, unsigned 32 bits
 * @param sql its text as the client sent it; not to be changed
 * @param parameters how many it takes
 * @param schema in which its names were looked up; null when there was none
 */
@SuppressWarnings("ArrayRecordComponent") // identity is all that is ever compared
public record PreparedText(long clientId, byte[] sql, int parameters, @Nullable String schema) {}
