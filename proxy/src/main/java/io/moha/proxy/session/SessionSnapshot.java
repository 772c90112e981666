package io.moha.proxy.session;

import io.moha.proxy.routing.Route;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One session at one moment, for people.
 *
 * @param id the connection id that the client knows
 * @param user as the client wrote it
 * @param address where the client is
 * @param tls whether the client's link is encrypted
 * @param route where its listener sends sessions
 * @param state what it is doing
 * @param node the server it is on; null while there is none
 * @param serverConnectionId that server's number of the connection; 0 while there is none
 * @param schema its default schema; null for none
 * @param pinReason why it could not be rebuilt on another server; null when it could
 * @param bytesIn read from the client
 * @param bytesOut written to the client
 * @param moves how often it went to another server
 */
public record SessionSnapshot(
        long id,
        String user,
        SocketAddress address,
        boolean tls,
        Route route,
        String state,
        @Nullable String node,
        long serverConnectionId,
        @Nullable String schema,
        @Nullable String pinReason,
        long bytesIn,
        long bytesOut,
        int moves) {}
