package io.moha.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;

/**
 * Length-encoded integers and strings. Readers move the reader index and throw {@link
 * IndexOutOfBoundsException} where the buffer ends too early and {@link MalformedPacketException}
 * where the first byte or the length cannot be.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_dt_integers.html">Integer
 *     types</a>
 */
public final class LengthEncoded {

    /** What {@link #readInteger} gives for the byte that stands for SQL NULL in rows. */
    public static final long NULL = -1;

    private static final int NULL_MARK = 0xFB;
    private static final int TWO_BYTES = 0xFC;
    private static final int THREE_BYTES = 0xFD;
    private static final int EIGHT_BYTES = 0xFE;
    private static final int INVALID = 0xFF;

    private LengthEncoded() {}

    /** Reads an integer; {@link #NULL} for the NULL mark. Values from 2^63 come out negative. */
    public static long readInteger(ByteBuf in) {
        int first = in.readUnsignedByte();
        return switch (first) {
            case NULL_MARK -> NULL;
            case TWO_BYTES -> in.readUnsignedShortLE();
            case THREE_BYTES -> in.readUnsignedMediumLE();
            case EIGHT_BYTES -> in.readLongLE();
            case INVALID -> throw new MalformedPacketException("0xFF begins no integer");
            default -> first;
        };
    }

    /**
     * Reads a length and checks that so many bytes follow.
     *
     * @return the length, in bytes
     */
    public static int readLength(ByteBuf in) {
        long length = readInteger(in);
        if (length < 0 || length > in.readableBytes()) {
            throw new MalformedPacketException(
                    "a string of " + length + " bytes in " + in.readableBytes());
        }
        return (int) length;
    }

    /** Reads a string of bytes into a new array. */
    public static byte[] readBytes(ByteBuf in) {
        byte[] bytes = new byte[readLength(in)];
        in.readBytes(bytes);
        return bytes;
    }

    /** Reads a string in {@code charset}. */
    public static String readString(ByteBuf in, Charset charset) {
        int length = readLength(in);
        String text = in.toString(in.readerIndex(), length, charset);
        in.skipBytes(length);
        return text;
    }

    /** Skips an integer or the NULL mark. */
    public static void skipInteger(ByteBuf in) {
        in.skipBytes(size(in.getUnsignedByte(in.readerIndex())));
    }

    /** The bytes an integer takes, by its first byte. */
    public static int size(int firstByte) {
        return switch (firstByte) {
            case TWO_BYTES -> 3;
            case THREE_BYTES -> 4;
            case EIGHT_BYTES -> 9;
            default -> 1;
        };
    }

    /** Writes an integer, taken as unsigned, in the shortest form. */
    public static void writeInteger(ByteBuf out, long value) {
        if (value >= 0 && value < NULL_MARK) {
            out.writeByte((int) value);
        } else if (value >= 0 && value <= 0xFF_FF) {
            out.writeByte(TWO_BYTES).writeShortLE((int) value);
        } else if (value >= 0 && value <= 0xFF_FF_FF) {
            out.writeByte(THREE_BYTES).writeMediumLE((int) value);
        } else {
            out.writeByte(EIGHT_BYTES).writeLongLE(value);
        }
    }

    /** Writes a string of bytes behind its length. */
    public static void writeBytes(ByteBuf out, byte[] bytes) {
        writeInteger(out, bytes.length);
        out.writeBytes(bytes);
    }

    /** Writes a string in {@code charset} behind its length in bytes. */
    public static void writeString(ByteBuf out, String text, Charset charset) {
        writeBytes(out, text.getBytes(charset));
    }

    /** Writes the mark that stands for SQL NULL in text rows. */
    public static void writeNull(ByteBuf out) {
        out.writeByte(NULL_MARK);
    }
}
