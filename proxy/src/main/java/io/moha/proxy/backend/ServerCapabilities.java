package io.moha.proxy.backend;

import io.moha.protocol.flags.Capability;

/** Which capability flags go to a server, given those negotiated with the client. */
public final class ServerCapabilities {

    /**
     * Flags that mean something to the session behind the link, and so must be the same on both
     * links: the response bytes are passed on as they come.
     */
    public static final int MIRRORED =
            Capability.FOUND_ROWS
                    | Capability.LONG_FLAG
                    | Capability.NO_SCHEMA
                    | Capability.ODBC
                    | Capability.LOCAL_FILES
                    | Capability.IGNORE_SPACE
                    | Capability.INTERACTIVE
                    | Capability.TRANSACTIONS
                    | Capability.MULTI_STATEMENTS
                    | Capability.MULTI_RESULTS
                    | Capability.PS_MULTI_RESULTS
                    | Capability.CAN_HANDLE_EXPIRED_PASSWORDS
                    | Capability.DEPRECATE_EOF
                    | Capability.OPTIONAL_RESULTSET_METADATA
                    | Capability.QUERY_ATTRIBUTES;

    /** Flags of our own links to servers. */
    private static final int ALWAYS =
            Capability.LONG_PASSWORD
                    | Capability.PROTOCOL_41
                    | Capability.TRANSACTIONS
                    | Capability.RESERVED
                    | Capability.SECURE_CONNECTION
                    | Capability.PLUGIN_AUTH
                    | Capability.CONNECT_ATTRS
                    | Capability.PLUGIN_AUTH_LENENC_CLIENT_DATA
                    | Capability.SESSION_TRACK;

    private ServerCapabilities() {}

    /**
     * What to ask of a server.
     *
     * @param clientCapabilities what was negotiated with the client
     * @param withSchema whether the login names a schema
     */
    public static int wanted(int clientCapabilities, boolean withSchema) {
        int wanted = (clientCapabilities & MIRRORED) | ALWAYS;
        return withSchema ? wanted | Capability.CONNECT_WITH_DB : wanted;
    }
}
