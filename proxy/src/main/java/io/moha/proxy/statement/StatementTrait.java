package io.moha.proxy.statement;

/**
 * Words in a statement that session trackers do not report, as bits. A trait says that the words
 * were seen, in a string or comment maybe, not that they had an effect.
 */
public final class StatementTrait {

    /** GET_LOCK, a service lock, LOCK INSTANCE, or FLUSH with READ LOCK. */
    public static final int LOCK = 1;

    /** A temporary table is made, changed or dropped. */
    public static final int TEMPORARY_TABLE = 1 << 1;

    /** A user variable is assigned. */
    public static final int USER_VARIABLE = 1 << 2;

    /** HANDLER. */
    public static final int HANDLER = 1 << 3;

    /** XA. */
    public static final int XA = 1 << 4;

    /** CALL: a routine can do anything. */
    public static final int ROUTINE = 1 << 5;

    /** PREPARE in SQL, whose statement lives on the server under a name. */
    public static final int NAMED_STATEMENT = 1 << 6;

    /** SET ROLE or SET RESOURCE GROUP. */
    public static final int ROLE = 1 << 7;

    /** gtid_next is set. */
    public static final int GTID_NEXT = 1 << 8;

    /** Settings of session trackers are set or read. */
    public static final int TRACKERS = 1 << 9;

    /** The statement, or one of several, is a SET; {@link SetStatement} tells more. */
    public static final int SET = 1 << 10;

    /** KILL: its number may be one of our connection ids. */
    public static final int KILL = 1 << 11;

    /** Asks what the statement before has left: warnings, errors, counts. */
    public static final int DIAGNOSTICS = 1 << 12;

    /** What stays in the session and cannot be restored elsewhere once the server is gone. */
    public static final int STICKY =
            LOCK
                    | TEMPORARY_TABLE
                    | USER_VARIABLE
                    | HANDLER
                    | XA
                    | ROUTINE
                    | NAMED_STATEMENT
                    | ROLE
                    | GTID_NEXT;

    private StatementTrait() {}
}
