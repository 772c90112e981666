package io.moha.protocol.cluster;

/** What an acknowledged commit is worth. */
public enum SyncMode {
    /** Every acknowledged commit is in the relay log of k of the ackers. */
    SYNC,
    /** Commits are acknowledged without waiting for a replica. */
    ASYNC,
    /** Single primary: one node serves alone, and only it can be elected. */
    SPM
}
