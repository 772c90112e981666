package io.moha.protocol.wire;

import io.netty.buffer.ByteBuf;

/**
 * Walks the headers of a byte stream in place, inside the buffers in which it was received. A
 * <em>message</em> is one packet, or as many as it takes when the first is full; payloads may span
 * buffers, headers may not: where a buffer ends inside a header, or before the first payload byte,
 * {@link #position} stays in front of it, and the caller shows these bytes (at most four) again
 * together with what follows them.
 *
 * <p>Allocates nothing, keeps no reference to a buffer, moves no reader index. Confined to one
 * thread.
 */
public final class PacketScanner {

    /** What {@link #first} gives for a message without payload. */
    public static final int EMPTY = -1;

    private int position;
    private int length;
    private int sequence;
    private int passedSequence;
    private int first;
    private int passing;
    private boolean continues;

    /** Forgets a message of which a part is still to come: another begins with the next bytes. */
    public void abandon() {
        passing = 0;
        continues = false;
    }

    /** Says that the next bytes of the stream lie at {@code index} of the buffer shown next. */
    public void moveTo(int index) {
        position = index;
    }

    /**
     * Goes to the next message, which is the same one again until it is passed.
     *
     * @param in the buffer
     * @param end where its bytes end, an absolute index
     * @return whether the message's header and first byte are there; else all bytes up to {@link
     *     #position} belong to messages already passed
     */
    public boolean next(ByteBuf in, int end) {
        while (true) {
            if (passing > 0) {
                skipPayload(end);
            }
            int available = end - position;
            if (passing > 0 || available < PacketHeader.SIZE) {
                return false;
            }
            // One read for both parts of the header.
            int header = in.getIntLE(position);
            length = header & PacketHeader.MAX_PAYLOAD;
            sequence = header >>> 24;
            if (continues) {
                pass(end);
            } else if (length == 0) {
                first = EMPTY;
                return true;
            } else if (available == PacketHeader.SIZE) {
                return false;
            } else {
                first = in.getUnsignedByte(position + PacketHeader.SIZE);
                return true;
            }
        }
    }

    /**
     * As {@link #next}, but passes on its way all messages whose first byte is below {@code first}:
     * the rows of a result.
     */
    public boolean nextFrom(ByteBuf in, int end, int first) {
        do {
            if (isAtBoundary()) {
                passWholePackets(in, end, first);
            }
            if (!next(in, end)) {
                return false;
            }
            if (this.first >= first) {
                return true;
            }
            pass(end);
        } while (true);
    }

    // All the work of a large result happens here, so the place is kept in a local variable.
    private void passWholePackets(ByteBuf in, int end, int limit) {
        int at = position;
        int last = passedSequence;
        while (end - at > PacketHeader.SIZE) {
            int header = in.getIntLE(at);
            int size = header & PacketHeader.MAX_PAYLOAD;
            int next = at + PacketHeader.SIZE + size;
            if (size == 0
                    || size == PacketHeader.MAX_PAYLOAD
                    || next > end
                    || in.getUnsignedByte(at + PacketHeader.SIZE) >= limit) {
                break;
            }
            at = next;
            last = header >>> 24;
        }
        position = at;
        passedSequence = last;
    }

    /** Passes the message, including the packets that continue it and may be still to come. */
    public void pass(int end) {
        position += PacketHeader.SIZE;
        passedSequence = sequence;
        passing = length;
        continues = length == PacketHeader.MAX_PAYLOAD;
        skipPayload(end);
    }

    private void skipPayload(int end) {
        int step = Math.min(passing, end - position);
        position += step;
        passing -= step;
    }

    /** Whether the first packet of the message ends at or before {@code end}. */
    public boolean isWhole(int end) {
        return end - position >= PacketHeader.SIZE + length;
    }

    /** Whether nothing of a message is outstanding: all that was passed was seen to its end. */
    public boolean isAtBoundary() {
        return passing == 0 && !continues;
    }

    /** Index of the first byte not passed: the header of the message, unless bytes are missing. */
    public int position() {
        return position;
    }

    /** Index of the first payload byte of the message. */
    public int payloadStart() {
        return position + PacketHeader.SIZE;
    }

    /** Payload length of the message's first packet, in bytes. */
    public int length() {
        return length;
    }

    /** Sequence number of the last packet passed. */
    public int sequence() {
        return passedSequence;
    }

    /** The message's first payload byte, unsigned, or {@link #EMPTY}. */
    public int first() {
        return first;
    }
}
