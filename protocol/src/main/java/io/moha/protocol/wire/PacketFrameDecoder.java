package io.moha.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the byte stream into packets and passes each payload on as one {@link ByteBuf}, which the
 * next handler owns. For the login and the admin port, where packets are small; the query path
 * never sees it.
 *
 * <p>Sequence numbers are checked against, and taken from, the {@link PacketSequence} shared with
 * whoever writes to the same channel. Bytes that were not yet a whole packet when the handler is
 * removed go on to the next handler.
 */
public final class PacketFrameDecoder extends ByteToMessageDecoder {

    private final int maxPayload;
    private final PacketSequence sequence;

    /**
     * @param maxPayload the longest payload taken, in bytes, less than 16 MiB - 1; a longer one
     *     raises {@link PacketTooLargeException} as soon as its header is read
     * @param sequence the numbers of the exchange; a packet out of order raises {@link
     *     PacketsOutOfOrderException}
     */
    public PacketFrameDecoder(int maxPayload, PacketSequence sequence) {
        if (maxPayload < 1 || maxPayload >= PacketHeader.MAX_PAYLOAD) {
            throw new IllegalArgumentException("no limit for one packet: " + maxPayload);
        }
        this.maxPayload = maxPayload;
        this.sequence = sequence;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < PacketHeader.SIZE) {
            return;
        }
        int length = PacketHeader.payloadLength(in, in.readerIndex());
        if (length > maxPayload) {
            throw discarding(in, new PacketTooLargeException(length, maxPayload));
        }
        int number = PacketHeader.sequence(in, in.readerIndex());
        if (number != sequence.peek()) {
            throw discarding(in, new PacketsOutOfOrderException(sequence.peek(), number));
        }
        if (in.readableBytes() < PacketHeader.SIZE + length) {
            return;
        }
        sequence.take();
        in.skipBytes(PacketHeader.SIZE);
        out.add(in.readRetainedSlice(length));
    }

    /** Nothing behind a broken packet can be understood, so the error is raised only once. */
    private static MalformedPacketException discarding(ByteBuf in, MalformedPacketException error) {
        in.skipBytes(in.readableBytes());
        return error;
    }
}
