package io.moha.it.raw;

/** Capability flags as the protocol's documentation numbers them. */
public final class Caps {

    /** CLIENT_FOUND_ROWS: affected rows counts matched rows. */
    public static final int FOUND_ROWS = 1 << 1;

    /** CLIENT_CONNECT_WITH_DB. */
    public static final int CONNECT_WITH_DB = 1 << 3;

    /** CLIENT_LOCAL_FILES. */
    public static final int LOCAL_FILES = 1 << 7;

    /** CLIENT_IGNORE_SPACE. */
    public static final int IGNORE_SPACE = 1 << 8;

    /** CLIENT_INTERACTIVE. */
    public static final int INTERACTIVE = 1 << 10;

    /** CLIENT_SSL. */
    public static final int SSL = 1 << 11;

    /** CLIENT_MULTI_STATEMENTS. */
    public static final int MULTI_STATEMENTS = 1 << 16;

    /** CLIENT_MULTI_RESULTS. */
    public static final int MULTI_RESULTS = 1 << 17;

    /** CLIENT_PS_MULTI_RESULTS. */
    public static final int PS_MULTI_RESULTS = 1 << 18;

    /** CLIENT_PLUGIN_AUTH. */
    public static final int PLUGIN_AUTH = 1 << 19;

    /** CLIENT_CONNECT_ATTRS. */
    public static final int CONNECT_ATTRS = 1 << 20;

    /** CLIENT_CAN_HANDLE_EXPIRED_PASSWORDS. */
    public static final int EXPIRED_PASSWORDS = 1 << 22;

    /** CLIENT_SESSION_TRACK. */
    public static final int SESSION_TRACK = 1 << 23;

    /** CLIENT_DEPRECATE_EOF. */
    public static final int DEPRECATE_EOF = 1 << 24;

    /** CLIENT_OPTIONAL_RESULTSET_METADATA. */
    public static final int OPTIONAL_METADATA = 1 << 25;

    /** CLIENT_QUERY_ATTRIBUTES. */
    public static final int QUERY_ATTRIBUTES = 1 << 27;

    /** LONG_PASSWORD, LONG_FLAG, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
    public static final int BASE = 1 | (1 << 2) | (1 << 9) | (1 << 13) | (1 << 15) | PLUGIN_AUTH;

    /** {@link #BASE} with everything about several results and local files. */
    public static final int USUAL =
            BASE | LOCAL_FILES | MULTI_STATEMENTS | MULTI_RESULTS | PS_MULTI_RESULTS;

    private Caps() {}

    /** Whether {@code caps} has {@code flag}. */
    public static boolean has(int caps, int flag) {
        return (caps & flag) != 0;
    }
}
