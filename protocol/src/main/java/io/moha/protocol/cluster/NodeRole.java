package io.moha.protocol.cluster;

/** What a node does in the cluster at the moment. */
public enum NodeRole {
    /** Serves writes. */
    PRIMARY,
    /** Replicates from the primary. */
    REPLICA,
    /** On its way: starting, electing, promoting, rejoining. */
    TRANSITION,
    /** Kept out until an operator or a rebuild brings it back: it diverged or failed for good. */
    QUARANTINED,
    /** Its mysqld does not serve. */
    DOWN
}
