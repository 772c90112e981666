package io.moha.proxy.backend;

import io.moha.protocol.packet.ConnectAttributes;
import org.jspecify.annotations.Nullable;

/**
 * As whom and how to log in to a server.
 *
 * @param user whom
 * @param auth how to prove it
 * @param schema the schema to start in, null for none
 * @param collation the collation of the client's own login, 0 to 255
 * @param clientCapabilities what was negotiated with the client; flags of its link alone (TLS,
 *     compression) are ignored, SESSION_TRACK and CONNECT_ATTRS are added
 * @param attributes what the server is told about the client
 * @param clientTls whether the client's own link is encrypted; the link to the server is like it
 *     where the configuration leaves the choice
 */
public record BackendLoginRequest(
        String user,
        BackendAuth auth,
        @Nullable String schema,
        int collation,
        int clientCapabilities,
        ConnectAttributes attributes,
        boolean clientTls) {}
