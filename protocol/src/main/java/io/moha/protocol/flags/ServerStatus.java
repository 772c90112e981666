package io.moha.protocol.flags;

/** The bits of the 16-bit status in OK and EOF packets. */
public final class ServerStatus {

    /** A transaction is open. */
    public static final int IN_TRANS = 1 << 0;

    /** autocommit is on. */
    public static final int AUTOCOMMIT = 1 << 1;

    /** Another result of the same command follows. */
    public static final int MORE_RESULTS_EXISTS = 1 << 3;

    /** The statement found no good index. */
    public static final int NO_GOOD_INDEX_USED = 1 << 4;

    /** The statement used no index. */
    public static final int NO_INDEX_USED = 1 << 5;

    /** A server-side cursor is open for the statement. */
    public static final int CURSOR_EXISTS = 1 << 6;

    /** The cursor gave its last row and is closed. */
    public static final int LAST_ROW_SENT = 1 << 7;

    /** The default schema was dropped. */
    public static final int DB_DROPPED = 1 << 8;

    /** sql_mode has NO_BACKSLASH_ESCAPES. */
    public static final int NO_BACKSLASH_ESCAPES = 1 << 9;

    /** A re-prepared statement has other columns now. */
    public static final int METADATA_CHANGED = 1 << 10;

    /** The statement took longer than long_query_time. */
    public static final int QUERY_WAS_SLOW = 1 << 11;

    /** This result set holds the OUT parameters of a CALL. */
    public static final int PS_OUT_PARAMS = 1 << 12;

    /** The open transaction is read only. */
    public static final int IN_TRANS_READONLY = 1 << 13;

    /** The OK packet carries session state changes. */
    public static final int SESSION_STATE_CHANGED = 1 << 14;

    private ServerStatus() {}

    /** Whether all bits of {@code wanted} are set in {@code status}. */
    public static boolean has(int status, int wanted) {
        return (status & wanted) == wanted;
    }
}
