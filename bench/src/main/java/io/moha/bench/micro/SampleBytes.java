package io.moha.bench.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketSequence;
import io.moha.protocol.wire.PacketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Bytes as servers and clients send them, in direct buffers as a socket is read into. */
final class SampleBytes {

    /** The capability that lets a server tell changes of the session state. */
    static final int SESSION_TRACK = Capability.SESSION_TRACK;

    /** What the connection of these bytes has negotiated. */
    static final int CAPABILITIES =
            Capability.PROTOCOL_41 | Capability.SESSION_TRACK | Capability.DEPRECATE_EOF;

    private static final int AUTOCOMMIT = 2;
    private static final int END_HEADER = 0xFE;
    private static final int STRING_TYPE = 0xFE;
    private static final int FILLER_LENGTH = 120;
    private static final String QUERY = "SELECT c FROM sbtest1 WHERE id=50236";

    private SampleBytes() {}

    /** The query of a text point select, as a client sends it. */
    static ByteBuf pointQuery() {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer();
        PacketWriter.write(
                out,
                0,
                payload -> {
                    payload.writeByte(Command.QUERY.code());
                    payload.writeCharSequence(QUERY, US_ASCII);
                });
        return out;
    }

    /** The response to it: one column, one row. */
    static ByteBuf pointResult() {
        return result(1, 1);
    }

    /** A text result of three columns and {@code rows} rows of about 190 bytes. */
    static ByteBuf largeResult(int rows) {
        return result(3, rows);
    }

    /** An OK without changes of the session state, as for an INSERT. */
    static ByteBuf ok() {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer();
        PacketWriter.write(out, 1, payload -> end(payload, 0));
        return out;
    }

    /**
     * The bytes of {@code whole} in buffers of at most {@code size} bytes, cut between packets, so
     * that no benchmark needs the rest of the buffer before; releases it.
     */
    static List<ByteBuf> cut(ByteBuf whole, int size) {
        List<ByteBuf> parts = new ArrayList<>();
        while (whole.isReadable()) {
            int length = 0;
            int next = packetLength(whole, 0);
            while (length + next <= size) {
                length += next;
                next = packetLength(whole, length);
                if (next == 0) {
                    break;
                }
            }
            parts.add(
                    PooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(whole, length));
        }
        whole.release();
        return parts;
    }

    /** Bytes of the packet at {@code offset} with its header; 0 behind the last. */
    private static int packetLength(ByteBuf in, int offset) {
        return offset == in.readableBytes()
                ? 0
                : PacketHeader.SIZE + PacketHeader.payloadLength(in, in.readerIndex() + offset);
    }

    private static ByteBuf result(int columns, int rows) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer();
        PacketSequence sequence = new PacketSequence();
        sequence.take();
        packet(out, sequence, payload -> payload.writeByte(columns));
        for (int column = 0; column < columns; column++) {
            packet(out, sequence, SampleBytes::definition);
        }
        String value = "x".repeat(columns == 1 ? FILLER_LENGTH : FILLER_LENGTH / 2);
        for (int row = 0; row < rows; row++) {
            packet(
                    out,
                    sequence,
                    payload -> {
                        for (int column = 0; column < columns; column++) {
                            LengthEncoded.writeString(payload, value, US_ASCII);
                        }
                    });
        }
        packet(out, sequence, payload -> end(payload, END_HEADER));
        return out;
    }

    private static void packet(ByteBuf out, PacketSequence sequence, Consumer<ByteBuf> payload) {
        PacketWriter.write(out, sequence.take(), payload);
    }

    /** A column definition: catalog, schema, table twice, column twice, then fixed fields. */
    private static void definition(ByteBuf out) {
        for (String name : List.of("def", "sbtest", "sbtest1", "sbtest1", "c", "c")) {
            LengthEncoded.writeString(out, name, US_ASCII);
        }
        out.writeByte(0x0C).writeShortLE(255).writeIntLE(FILLER_LENGTH * 4).writeByte(STRING_TYPE);
        out.writeShortLE(1).writeByte(0).writeZero(2);
    }

    /** An OK packet: no rows changed, no id, autocommit, no warnings. */
    private static void end(ByteBuf out, int header) {
        out.writeByte(header).writeByte(0).writeByte(0).writeShortLE(AUTOCOMMIT).writeShortLE(0);
    }
}
