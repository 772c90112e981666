package io.moha.proxy.session;

/** What becomes of a command, by what the cluster looks like. */
enum Passage {
    /** To the server the session is on. */
    FORWARD,
    /** It waits. */
    HOLD,
    /** The session goes to another server first. */
    MOVE,
    /** The transaction it belongs to is lost: error 1213. */
    ABORT,
    /** A KILL QUERY met it while it waited: error 1317. */
    INTERRUPT
}
