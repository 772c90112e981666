package io.moha.agent.store;

/**
 * A record as the store had it.
 *
 * @param value the record
 * @param revision the store's revision of its last change; every change of the key gives it a
 *     larger one
 * @param <R> type of the record
 */
public record Versioned<R extends Record>(R value, long revision) {}
