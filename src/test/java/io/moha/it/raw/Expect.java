package io.moha.it.raw;

/** The shape of a command's response. */
public enum Expect {
    /** Nothing at all. */
    NOTHING,
    /** One packet, whatever it is. */
    ONE,
    /** One or more results, as after COM_QUERY and COM_STMT_EXECUTE. */
    RESULTS,
    /** Column definitions without a count, as after COM_FIELD_LIST. */
    COLUMNS,
    /** A prepared statement's description. */
    PREPARED,
    /** Rows without column definitions, as after COM_STMT_FETCH. */
    ROWS
}
