package io.moha.protocol.packet;

import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * One more step of an authentication plugin, from the server.
 *
 * @param data what it means is the plugin's business
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_more_data.html">AuthMoreData</a>
 */
public record AuthMoreData(Octets data) {

    /** The first byte of the payload. */
    public static final int HEADER = 0x01;

    /** Reads a packet. */
    public static AuthMoreData decode(ByteBuf payload) {
        return Payload.decode("the auth data", payload, AuthMoreData::read);
    }

    private static AuthMoreData read(ByteBuf in) {
        if (in.readUnsignedByte() != HEADER) {
            throw new MalformedPacketException("no auth data");
        }
        return new AuthMoreData(Payload.rest(in));
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(HEADER);
        data.writeTo(out);
    }
}
