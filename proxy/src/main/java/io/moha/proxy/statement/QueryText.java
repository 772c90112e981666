package io.moha.proxy.statement;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/** Finds the SQL in the payload of a COM_QUERY, behind the attributes that may precede it. */
public final class QueryText {

    private static final int TYPE_TINY = 1;
    private static final int TYPE_SHORT = 2;
    private static final int TYPE_LONG = 3;
    private static final int TYPE_FLOAT = 4;
    private static final int TYPE_DOUBLE = 5;
    private static final int TYPE_NULL = 6;
    private static final int TYPE_TIMESTAMP = 7;
    private static final int TYPE_LONGLONG = 8;
    private static final int TYPE_INT24 = 9;
    private static final int TYPE_DATE = 10;
    private static final int TYPE_TIME = 11;
    private static final int TYPE_DATETIME = 12;
    private static final int TYPE_YEAR = 13;

    private QueryText() {}

    /**
     * Where the SQL begins.
     *
     * @param start absolute index of the command byte
     * @param end behind the payload, or behind what is there of it
     * @param capabilities of the client's link
     * @return an absolute index, at most {@code end}; {@code end} also when the attributes cannot
     *     be read, as then nothing is known of the statement
     */
    public static int start(ByteBuf in, int start, int end, int capabilities) {
        int text = start + 1;
        if (!Capability.has(capabilities, Capability.QUERY_ATTRIBUTES)) {
            return Math.min(text, end);
        }
        // No attributes is by far the most frequent case: count 0, one set.
        if (end >= text + 2 && in.getByte(text) == 0) {
            return text + 2;
        }
        ByteBuf attributes = in.slice(text, Math.max(0, end - text));
        try {
            skipAttributes(attributes);
            return text + attributes.readerIndex();
        } catch (IndexOutOfBoundsException | MalformedPacketException e) {
            return end;
        }
    }

    private static void skipAttributes(ByteBuf in) {
        int count = ExecuteTypes.count(in);
        LengthEncoded.skipInteger(in);
        int nulls = in.readerIndex();
        in.skipBytes((count + 7) / 8);
        in.skipBytes(1);
        int[] types = new int[count];
        for (int i = 0; i < count; i++) {
            types[i] = in.readUnsignedByte();
            in.skipBytes(1);
            in.skipBytes(LengthEncoded.readLength(in));
        }
        for (int i = 0; i < count; i++) {
            boolean isNull = (in.getByte(nulls + i / 8) & 1 << i % 8) != 0;
            if (!isNull) {
                skipValue(in, types[i]);
            }
        }
    }

    private static void skipValue(ByteBuf in, int type) {
        switch (type) {
            case TYPE_NULL -> {}
            case TYPE_TINY -> in.skipBytes(1);
            case TYPE_SHORT, TYPE_YEAR -> in.skipBytes(2);
            case TYPE_LONG, TYPE_FLOAT, TYPE_INT24 -> in.skipBytes(4);
            case TYPE_DOUBLE, TYPE_LONGLONG -> in.skipBytes(8);
            case TYPE_TIMESTAMP, TYPE_DATE, TYPE_TIME, TYPE_DATETIME ->
                    in.skipBytes(in.readUnsignedByte());
            default -> in.skipBytes(LengthEncoded.readLength(in));
        }
    }
}
