package io.moha.protocol.response;

import io.moha.protocol.flags.Command;

/** What the response to a command looks like. */
public enum ResponseShape {
    /** There is none, not even on error. */
    NONE,
    /**
     * OK, ERR, a result set or a request for a file, told apart by the first byte, and another of
     * these as long as the status says so. Also fits commands that are answered by OK, EOF or ERR
     * alone.
     */
    RESULTS,
    /** Rows without column definitions in front. */
    ROWS,
    /** Column definitions without their number in front. */
    FIELDS,
    /** The answer to a PREPARE, with parameter and column definitions. */
    PREPARED,
    /** One packet of text without a first byte that tells its kind; or ERR. */
    TEXT,
    /** No response that ends: the connection belongs to another protocol from here on. */
    STREAM;

    /**
     * The shape of the response to {@code command}. COM_CHANGE_USER is a login and not to be asked
     * for here; COM_QUIT counts as without response.
     */
    public static ResponseShape of(Command command) {
        return switch (command) {
            case QUIT, STMT_SEND_LONG_DATA, STMT_CLOSE -> NONE;
            case STMT_FETCH -> ROWS;
            case FIELD_LIST -> FIELDS;
            case STMT_PREPARE -> PREPARED;
            case STATISTICS -> TEXT;
            case BINLOG_DUMP, BINLOG_DUMP_GTID, CLONE, SUBSCRIBE_GROUP_REPLICATION_STREAM -> STREAM;
            case SLEEP,
                    INIT_DB,
                    QUERY,
                    CREATE_DB,
                    DROP_DB,
                    REFRESH,
                    SHUTDOWN,
                    PROCESS_INFO,
                    CONNECT,
                    PROCESS_KILL,
                    DEBUG,
                    PING,
                    TIME,
                    DELAYED_INSERT,
                    CHANGE_USER,
                    TABLE_DUMP,
                    CONNECT_OUT,
                    REGISTER_SLAVE,
                    STMT_EXECUTE,
                    STMT_RESET,
                    SET_OPTION,
                    DAEMON,
                    RESET_CONNECTION,
                    UNKNOWN ->
                    RESULTS;
        };
    }
}
