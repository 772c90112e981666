package io.moha.proxy.backend;

import io.moha.protocol.packet.OkPacket;
import io.moha.proxy.routing.Backend;
import io.netty.channel.Channel;

/**
 * A connection on which a server has just accepted a login.
 *
 * @param channel owned by whoever holds this record; on the event loop that was asked for
 * @param backend where it leads
 * @param capabilities what both ends agreed on; SESSION_TRACK is always among it
 * @param serverConnectionId the server's own number of this connection, for KILL
 * @param serverVersion as the server greeted
 * @param tls whether the link is encrypted
 * @param welcome the server's OK, with the status and the trackers it carried
 */
public record BackendConnection(
        Channel channel,
        Backend backend,
        int capabilities,
        long serverConnectionId,
        String serverVersion,
        boolean tls,
        OkPacket welcome) {}
