package io.moha.cli;

/**
 * A record as the store holds it.
 *
 * @param value the record
 * @param revision of its last change; a change must compare it
 */
public record Stored<R extends Record>(R value, long revision) {}
