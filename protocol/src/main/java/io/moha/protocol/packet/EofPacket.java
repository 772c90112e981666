package io.moha.protocol.packet;

import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * The end of column definitions or rows, where DEPRECATE_EOF was not negotiated.
 *
 * @param warnings number of warnings
 * @param status see {@link io.moha.protocol.flags.ServerStatus}
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_eof_packet.html">EOF_Packet</a>
 */
public record EofPacket(int warnings, int status) {

    /** The first byte of the payload. */
    public static final int HEADER = 0xFE;

    /** Reads a packet. */
    public static EofPacket decode(ByteBuf payload) {
        return Payload.decode("the EOF packet", payload, EofPacket::read);
    }

    private static EofPacket read(ByteBuf in) {
        if (in.readUnsignedByte() != HEADER) {
            throw new MalformedPacketException("no EOF packet");
        }
        return new EofPacket(in.readUnsignedShortLE(), in.readUnsignedShortLE());
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(HEADER);
        out.writeShortLE(warnings);
        out.writeShortLE(status);
    }
}
