package io.moha.protocol.cluster;

/** How far the holder of the leader record has come. Proxies send work only to SERVING. */
public enum LeaderState {
    /** The holder is the elector: it freezes the ackers and picks a winner; nobody is writable. */
    ELECTING,
    /** The holder was picked and makes itself writable. */
    PROMOTING,
    /** The holder is writable and serves clients. */
    SERVING,
    /**
     * The holder still serves running transactions and hands over soon: proxies hold whatever would
     * begin now.
     */
    SWITCHING,
    /**
     * The holder gave the lead up. With {@code releasedFenced} its mysqld can do no more writes.
     */
    RELEASED
}
