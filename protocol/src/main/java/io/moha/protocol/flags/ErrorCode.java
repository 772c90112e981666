package io.moha.protocol.flags;

/**
 * The errors the product itself sends or has to recognise: number, SQLSTATE, default text.
 *
 * <p>Which of them a situation calls for is decided by what drivers do with it: SQLSTATE class 08
 * makes them drop the connection, 40001 makes them repeat the transaction.
 */
public enum ErrorCode {
    /** 1040 (08004). */
    CONNECTION_COUNT(1040, "08004", "Too many connections"),
    /** 1042 (08S01). */
    UNABLE_TO_CONNECT(1042, "08S01", "Can't get hostname for your address"),
    /** 1043 (08S01). */
    BAD_HANDSHAKE(1043, "08S01", "Bad handshake"),
    /** 1045 (28000). */
    ACCESS_DENIED(1045, "28000", "Access denied"),
    /** 1047 (08S01). */
    UNKNOWN_COMMAND(1047, "08S01", "Unknown command"),
    /** 1053 (08S01). */
    SERVER_SHUTDOWN(1053, "08S01", "Server shutdown in progress"),
    /** 1064 (42000). */
    PARSE_ERROR(1064, "42000", "You have an error in your SQL syntax"),
    /** 1094 (HY000). */
    NO_SUCH_THREAD(1094, "HY000", "Unknown thread id"),
    /** 1095 (HY000). */
    KILL_DENIED(1095, "HY000", "You are not owner of the thread"),
    /** 1105 (HY000). */
    UNKNOWN_ERROR(1105, "HY000", "Unknown error"),
    /** 1153 (08S01). */
    PACKET_TOO_LARGE(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes"),
    /** 1156 (08S01). */
    PACKETS_OUT_OF_ORDER(1156, "08S01", "Got packets out of order"),
    /** 1203 (42000). */
    TOO_MANY_USER_CONNECTIONS(
            1203, "42000", "User already has more than 'max_user_connections' active connections"),
    /** 1213 (40001). */
    LOCK_DEADLOCK(
            1213, "40001", "Deadlock found when trying to get lock; try restarting transaction"),
    /** 1243 (HY000). */
    UNKNOWN_STATEMENT(1243, "HY000", "Unknown prepared statement handler"),
    /** 1251 (08004). */
    NOT_SUPPORTED_AUTH_MODE(
            1251,
            "08004",
            "Client does not support authentication protocol requested by server; consider upgrading MySQL client"),
    /** 1290 (HY000). */
    OPTION_PREVENTS_STATEMENT(
            1290,
            "HY000",
            "The MySQL server is running with the --read-only option so it cannot execute this statement"),
    /** 1317 (70100). */
    QUERY_INTERRUPTED(1317, "70100", "Query execution was interrupted"),
    /** 1615 (HY000). */
    NEED_REPREPARE(1615, "HY000", "Prepared statement needs to be re-prepared"),
    /** 1835 (HY000). */
    MALFORMED_PACKET(1835, "HY000", "Malformed communication packet."),
    /** 1836 (HY000). */
    READ_ONLY_MODE(1836, "HY000", "Running in read-only mode"),
    /** 2003 (08S01). */
    CANNOT_CONNECT(2003, "08S01", "Can't connect to MySQL server"),
    /** 2013 (08S01). */
    SERVER_LOST(2013, "08S01", "Lost connection to MySQL server during query"),
    /** 2013 (08007). */
    SERVER_LOST_OUTCOME_UNKNOWN(
            2013,
            "08007",
            "Lost connection to MySQL server during query (moha: outcome of the statement is unknown)"),
    /** 3159 (HY000). */
    SECURE_TRANSPORT_REQUIRED(
            3159,
            "HY000",
            "Connections using insecure transport are prohibited while --require_secure_transport=ON."),
    /** 4031 (HY000). */
    CLIENT_INTERACTION_TIMEOUT(
            4031,
            "HY000",
            "The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.");

    private final int number;
    private final String sqlState;
    private final String message;

    ErrorCode(int number, String sqlState, String message) {
        this.number = number;
        this.sqlState = sqlState;
        this.message = message;
    }

    /** The error number; always below 32768, because some clients read it as a signed short. */
    public int number() {
        return number;
    }

    /** The five characters after the {@code #}. */
    public String sqlState() {
        return sqlState;
    }

    /** The text to send when there is nothing more precise to say. */
    public String message() {
        return message;
    }
}
