package io.moha.proxy.routing;

/**
 * A server that takes reads, and how current it is.
 *
 * @param backend the server
 * @param applying whether it applies what it received
 * @param receiving whether it receives from the primary
 * @param lagMs last reported lag in milliseconds; negative when unknown
 */
public record Replica(Backend backend, boolean applying, boolean receiving, long lagMs) {}
