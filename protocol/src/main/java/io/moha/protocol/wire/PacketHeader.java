package io.moha.protocol.wire;

import io.netty.buffer.ByteBuf;

/**
 * The header before each packet: three bytes payload length, little endian, and one byte sequence
 * number. All methods take absolute indexes and move nothing.
 */
public final class PacketHeader {

    /** Bytes of a header. */
    public static final int SIZE = 4;

    /** The longest payload of one packet; a payload of this length continues in the next packet. */
    public static final int MAX_PAYLOAD = 0xFF_FF_FF;

    private PacketHeader() {}

    /** The payload length, in bytes, of the packet whose header starts at {@code index}. */
    public static int payloadLength(ByteBuf buffer, int index) {
        return buffer.getUnsignedMediumLE(index);
    }

    /** The sequence number, 0 to 255, of the packet whose header starts at {@code index}. */
    public static int sequence(ByteBuf buffer, int index) {
        return buffer.getUnsignedByte(index + 3);
    }
}
