package io.moha.proxy.session;

/** What becomes of a session whose server was lost. */
enum LossOutcome {
    /** Nothing was asked: the client stays, and its next command finds another server. */
    DETACH,
    /** As detach, but the open transaction is gone, which the next command is told. */
    DETACH_ABORTED,
    /** The command in flight goes to the next server. */
    SEND_AGAIN,
    /** The command in flight was to undo the transaction, and that has happened: OK. */
    ROLLED_BACK,
    /** The command in flight gets 1213; the client stays. */
    ABORT_TRANSACTION,
    /** The command was certainly not executed and cannot be sent again: 1053, and the end. */
    UNDELIVERED,
    /** The command in flight gets 2013, and the session ends. */
    OUTCOME_UNKNOWN,
    /** The session ends in the middle of a packet. */
    CUT,
    /** The session ends without a word, as a server ends idle sessions. */
    END
}
