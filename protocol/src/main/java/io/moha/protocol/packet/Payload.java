package io.moha.protocol.packet;

import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.util.function.Function;

/** Reads and writes the kinds of strings that packets are made of. */
final class Payload {

    private Payload() {}

    /**
     * Runs a decoder, and turns its reading past the end into {@link MalformedPacketException}.
     *
     * @param name the packet's name, for the message
     */
    static <T> T decode(String name, ByteBuf payload, Function<ByteBuf, T> decoder) {
        try {
            return decoder.apply(payload);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedPacketException(name + " ends too early");
        }
    }

    /** Reads up to a NUL, which must be there, and skips it. */
    static Octets nulTerminated(ByteBuf in) {
        int length = in.bytesBefore((byte) 0);
        if (length < 0) {
            throw new MalformedPacketException("a string has no end");
        }
        Octets text = Octets.read(in, length);
        in.skipBytes(1);
        return text;
    }

    /** Reads up to a NUL, which is skipped, or to the end of the payload. */
    static Octets nulTerminatedOrRest(ByteBuf in) {
        return in.bytesBefore((byte) 0) < 0 ? rest(in) : nulTerminated(in);
    }

    /** Reads all that is left. */
    static Octets rest(ByteBuf in) {
        return Octets.read(in, in.readableBytes());
    }

    /** Reads a string behind its length-encoded length. */
    static Octets lengthEncoded(ByteBuf in) {
        return Octets.read(in, LengthEncoded.readLength(in));
    }

    /** Reads a string behind one byte of length. */
    static Octets shortString(ByteBuf in) {
        return Octets.read(in, in.readUnsignedByte());
    }

    /** Appends {@code bytes} behind their length-encoded length. */
    static void writeLengthEncoded(ByteBuf out, Octets bytes) {
        LengthEncoded.writeInteger(out, bytes.length());
        bytes.writeTo(out);
    }

    /** Appends {@code text} and a NUL. */
    static void writeNulTerminated(ByteBuf out, String text, Charset charset) {
        out.writeCharSequence(text, charset);
        out.writeByte(0);
    }
}
