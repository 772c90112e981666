package io.moha.bench.relay;

import io.netty.buffer.ByteBuf;

/**
 * Walks the MySQL packet headers of one direction of a connection, in place. A packet is {@code
 * int<3> length, int<1> sequence, payload} (MySQL client/server protocol, "MySQL Packets"); a
 * header may be split over two buffers. Used by one event loop only.
 */
final class HeaderWalker {

    private static final int HEADER_LENGTH = 4;
    private static final int LENGTH_BYTES = 3;

    private int payloadLeft;
    private int headerBytesSeen;
    private int splitLength;
    private long packets;

    /** Advances over {@code buffer}, which is neither consumed nor released. */
    void walk(ByteBuf buffer) {
        int index = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (index < end) {
            if (payloadLeft > 0) {
                int step = Math.min(payloadLeft, end - index);
                payloadLeft -= step;
                index += step;
            } else if (headerBytesSeen == 0 && end - index >= HEADER_LENGTH) {
                payloadLeft = buffer.getUnsignedMediumLE(index);
                index += HEADER_LENGTH;
                packets++;
            } else {
                acceptHeaderByte(buffer.getUnsignedByte(index));
                index++;
            }
        }
    }

    /** How many packet headers were seen whole. */
    long packets() {
        return packets;
    }

    private void acceptHeaderByte(int value) {
        if (headerBytesSeen < LENGTH_BYTES) {
            splitLength |= value << (Byte.SIZE * headerBytesSeen);
        }
        headerBytesSeen++;
        if (headerBytesSeen == HEADER_LENGTH) {
            payloadLeft = splitLength;
            splitLength = 0;
            headerBytesSeen = 0;
            packets++;
        }
    }
}
