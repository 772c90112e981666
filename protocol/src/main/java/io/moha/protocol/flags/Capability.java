package io.moha.protocol.flags;

/**
 * The bits of the capability flags that client and server exchange in the handshake.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html">Capabilities
 *     flags</a>
 */
public final class Capability {

    /** Always set: MariaDB's clients take a server without it for a MariaDB server. */
    public static final int LONG_PASSWORD = 1 << 0;

    /** Affected rows count matched instead of changed rows. */
    public static final int FOUND_ROWS = 1 << 1;

    /** Longer flags in column definitions. */
    public static final int LONG_FLAG = 1 << 2;

    /** The handshake response names a schema. */
    public static final int CONNECT_WITH_DB = 1 << 3;

    /** Refuses {@code schema.table.column}. */
    public static final int NO_SCHEMA = 1 << 4;

    /** zlib framing after the login. */
    public static final int COMPRESS = 1 << 5;

    /** No effect. */
    public static final int ODBC = 1 << 6;

    /** The client answers LOAD DATA LOCAL INFILE. */
    public static final int LOCAL_FILES = 1 << 7;

    /** Sets IGNORE_SPACE in the session's sql_mode. */
    public static final int IGNORE_SPACE = 1 << 8;

    /** The protocol since 4.1; required. */
    public static final int PROTOCOL_41 = 1 << 9;

    /** wait_timeout starts as interactive_timeout. */
    public static final int INTERACTIVE = 1 << 10;

    /** TLS follows the SSLRequest. */
    public static final int SSL = 1 << 11;

    /** Client side only. */
    public static final int IGNORE_SIGPIPE = 1 << 12;

    /** Status flags in OK packets. */
    public static final int TRANSACTIONS = 1 << 13;

    /** Formerly the 4.1 protocol. */
    public static final int RESERVED = 1 << 14;

    /** Authentication data with a length byte. */
    public static final int SECURE_CONNECTION = 1 << 15;

    /** Several statements in one COM_QUERY. */
    public static final int MULTI_STATEMENTS = 1 << 16;

    /** Several results for one COM_QUERY. */
    public static final int MULTI_RESULTS = 1 << 17;

    /** Several results for one COM_STMT_EXECUTE; OUT parameters. */
    public static final int PS_MULTI_RESULTS = 1 << 18;

    /** Authentication plugins are named. */
    public static final int PLUGIN_AUTH = 1 << 19;

    /** Connection attributes follow. */
    public static final int CONNECT_ATTRS = 1 << 20;

    /** Authentication data is length encoded. */
    public static final int PLUGIN_AUTH_LENENC_CLIENT_DATA = 1 << 21;

    /** Sandbox mode instead of error 1862. */
    public static final int CAN_HANDLE_EXPIRED_PASSWORDS = 1 << 22;

    /** OK packets carry session state changes. */
    public static final int SESSION_TRACK = 1 << 23;

    /** OK packets with header 0xFE instead of EOF packets. */
    public static final int DEPRECATE_EOF = 1 << 24;

    /** Column definitions may be left out. */
    public static final int OPTIONAL_RESULTSET_METADATA = 1 << 25;

    /** zstd framing after the login. */
    public static final int ZSTD_COMPRESSION = 1 << 26;

    /** COM_QUERY and COM_STMT_EXECUTE carry attributes. */
    public static final int QUERY_ATTRIBUTES = 1 << 27;

    /** AuthNextFactor packets are understood. */
    public static final int MULTI_FACTOR_AUTHENTICATION = 1 << 28;

    /** Never set. */
    public static final int CAPABILITY_EXTENSION = 1 << 29;

    /** Client side only. */
    public static final int SSL_VERIFY_SERVER_CERT = 1 << 30;

    /** Client side only. */
    public static final int REMEMBER_OPTIONS = 1 << 31;

    private Capability() {}

    /** Whether all bits of {@code wanted} are set in {@code capabilities}. */
    public static boolean has(int capabilities, int wanted) {
        return (capabilities & wanted) == wanted;
    }
}
