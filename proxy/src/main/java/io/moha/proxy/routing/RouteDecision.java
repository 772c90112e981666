package io.moha.proxy.routing;

/** Where a new connection or a held command goes. */
public sealed interface RouteDecision {

    /** To {@code backend}. */
    record To(Backend backend) implements RouteDecision {}

    /** Nowhere yet: wait for the next picture, within the bounds of {@code hold}. */
    record Hold(String reason) implements RouteDecision {}

    /** Nowhere, and waiting is not wanted. */
    record Refuse(String reason) implements RouteDecision {}
}
