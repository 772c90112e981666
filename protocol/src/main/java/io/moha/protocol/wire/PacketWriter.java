package io.moha.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Writes packets, and is the only place that writes the four-byte header. */
public final class PacketWriter {

    private PacketWriter() {}

    /**
     * Appends one packet to {@code out}; its ownership does not change.
     *
     * @param out where to, at its writer index; grows as needed
     * @param sequence the packet's number; only the low eight bits count
     * @param payload writes the payload, and nothing else, to the buffer it is given
     * @throws IllegalArgumentException when the payload does not fit one packet; {@code out} is as
     *     before then
     */
    public static void write(ByteBuf out, int sequence, Consumer<ByteBuf> payload) {
        int start = out.writerIndex();
        out.writeZero(PacketHeader.SIZE);
        payload.accept(out);
        int length = out.writerIndex() - start - PacketHeader.SIZE;
        // A payload of exactly MAX_PAYLOAD would promise a continuation.
        if (length >= PacketHeader.MAX_PAYLOAD) {
            out.writerIndex(start);
            throw new IllegalArgumentException("payload of " + length + " bytes needs two packets");
        }
        patch(out, start, length, sequence);
    }

    /**
     * Appends a payload of any length as as many packets as it takes; a payload that ends on a full
     * packet is closed by an empty one. Reads {@code payload} to its end, does not release it.
     *
     * @return the number of packets written
     */
    public static int writeSplit(ByteBuf out, int firstSequence, ByteBuf payload) {
        int packets = 0;
        int length;
        do {
            length = Math.min(payload.readableBytes(), PacketHeader.MAX_PAYLOAD);
            header(out, length, firstSequence + packets);
            out.writeBytes(payload, length);
            packets++;
        } while (length == PacketHeader.MAX_PAYLOAD);
        return packets;
    }

    /** Appends a header alone, for a payload that follows in another buffer. */
    public static void header(ByteBuf out, int payloadLength, int sequence) {
        int start = out.writerIndex();
        out.writeZero(PacketHeader.SIZE);
        patch(out, start, payloadLength, sequence);
    }

    /** Overwrites the header that starts at {@code index}; the indexes of the buffer stay. */
    public static void patch(ByteBuf buffer, int index, int payloadLength, int sequence) {
        buffer.setMediumLE(index, payloadLength);
        buffer.setByte(index + 3, sequence);
    }

    /** Overwrites only the sequence number of the header that starts at {@code index}. */
    public static void patchSequence(ByteBuf buffer, int index, int sequence) {
        buffer.setByte(index + 3, sequence);
    }
}
