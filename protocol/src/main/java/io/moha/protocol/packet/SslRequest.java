package io.moha.protocol.packet;

import io.moha.protocol.flags.Capability;
import io.netty.buffer.ByteBuf;

/**
 * The client wants TLS. The server takes the capability flags from here and ignores those of the
 * handshake response that follows, so they are what counts.
 *
 * @param capabilities what the client wants, SSL among it
 * @param maxPacketSize for information, unsigned 32 bits
 * @param collation the client's collation; the handshake response must repeat it
 */
public record SslRequest(int capabilities, long maxPacketSize, int collation) {

    /** Bytes of the usual form. */
    public static final int LENGTH = 32;

    // What a server takes when an old Connector/J sends its flags alone.
    private static final long DEFAULT_MAX_PACKET_SIZE = 0xF_FF_FF;
    private static final int FILLER = 23;

    /** Whether {@code payload}, the client's first packet, asks for TLS. Moves nothing. */
    public static boolean matches(ByteBuf payload) {
        return payload.readableBytes() >= Integer.BYTES
                && Capability.has(payload.getIntLE(payload.readerIndex()), Capability.SSL);
    }

    /** Reads a request: 32 bytes, or the four of an old Connector/J, which are the flags alone. */
    public static SslRequest decode(ByteBuf payload) {
        return Payload.decode("the SSL request", payload, SslRequest::read);
    }

    private static SslRequest read(ByteBuf in) {
        int capabilities = in.readIntLE();
        if (!in.isReadable()) {
            return new SslRequest(capabilities, DEFAULT_MAX_PACKET_SIZE, 0);
        }
        long maxPacketSize = in.readUnsignedIntLE();
        int collation = in.readUnsignedByte();
        in.skipBytes(FILLER);
        return new SslRequest(capabilities, maxPacketSize, collation);
    }

    /** Appends the usual form. */
    public void encode(ByteBuf out) {
        out.writeIntLE(capabilities);
        out.writeIntLE((int) maxPacketSize);
        out.writeByte(collation);
        out.writeZero(FILLER);
    }
}
