package io.moha.protocol.cluster;

/**
 * Maintenance mode: leases are renewed, nobody is elected.
 *
 * @param version of this record's shape, 1
 * @param by who asked, for people
 * @param sinceMs wall time, milliseconds since 1970
 */
public record PauseRecord(int version, String by, long sinceMs) {}
