package io.moha.proxy.routing;

/** Where the sessions of one listener go. */
public enum Route {
    /** To the primary. */
    PRIMARY,
    /** To a replica. */
    REPLICA,
    /** Writes to the primary, reads to replicas; for now everything goes to the primary. */
    SPLIT
}
