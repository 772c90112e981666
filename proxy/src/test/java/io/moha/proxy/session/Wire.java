package io.moha.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.PacketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.function.Consumer;

/** What clients and servers send. Whoever calls owns the buffer, which the leak guard watches. */
final class Wire {

    static final int AUTOCOMMIT = ServerStatus.AUTOCOMMIT;
    static final int IN_TRANSACTION = AUTOCOMMIT | ServerStatus.IN_TRANS;

    private Wire() {}

    static ByteBuf packet(int sequence, Consumer<ByteBuf> payload) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.buffer();
        PacketWriter.write(out, sequence, payload);
        return out;
    }

    static ByteBuf query(String sql) {
        return command(Command.QUERY, p -> p.writeCharSequence(sql, UTF_8));
    }

    static ByteBuf command(Command command) {
        return command(command, p -> {});
    }

    static ByteBuf command(Command command, Consumer<ByteBuf> argument) {
        return packet(
                0,
                p -> {
                    p.writeByte(command.code());
                    argument.accept(p);
                });
    }

    static ByteBuf ok(int status) {
        return packet(1, p -> p.writeZero(3).writeShortLE(status).writeShortLE(0));
    }

    static ByteBuf okWithVariable(int status, String name, String value) {
        return packet(
                1,
                p -> {
                    ByteBuf entry = PooledByteBufAllocator.DEFAULT.buffer();
                    LengthEncoded.writeString(entry, name, UTF_8);
                    LengthEncoded.writeString(entry, value, UTF_8);
                    p.writeZero(3).writeShortLE(status | 0x4000).writeShortLE(0).writeByte(0);
                    p.writeByte(entry.readableBytes() + 2).writeByte(0);
                    p.writeByte(entry.readableBytes()).writeBytes(entry);
                    entry.release();
                });
    }

    /** An OK that tells of another default schema. */
    static ByteBuf okWithSchema(int status, String schema) {
        return packet(
                1,
                p -> {
                    p.writeZero(3).writeShortLE(status | 0x4000).writeShortLE(0).writeByte(0);
                    p.writeByte(schema.length() + 3).writeByte(1).writeByte(schema.length() + 1);
                    LengthEncoded.writeString(p, schema, UTF_8);
                });
    }

    /** One of several OKs of the same response. */
    static ByteBuf okOfSeveral(int sequence, int status) {
        return packet(sequence, p -> p.writeZero(3).writeShortLE(status).writeShortLE(0));
    }

    /** An OK that tells the eight marks of a transaction, and how to begin it. */
    static ByteBuf okInTransaction(int status, String marks, String characteristics) {
        return packet(
                1,
                p -> {
                    ByteBuf entries = PooledByteBufAllocator.DEFAULT.buffer();
                    entries.writeByte(4).writeByte(characteristics.length() + 1);
                    LengthEncoded.writeString(entries, characteristics, UTF_8);
                    entries.writeByte(5).writeByte(marks.length() + 1);
                    LengthEncoded.writeString(entries, marks, UTF_8);
                    p.writeZero(3).writeShortLE(status | 0x4000).writeShortLE(0).writeByte(0);
                    p.writeByte(entries.readableBytes()).writeBytes(entries);
                    entries.release();
                });
    }

    static ByteBuf error(int number) {
        return packet(1, new ErrPacket(number, "HY000", Octets.of("no", UTF_8))::encode);
    }

    /** One column, {@code rows}, end; with DEPRECATE_EOF. */
    static ByteBuf rows(int status, String... rows) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.buffer();
        int sequence = 1;
        PacketWriter.write(out, sequence++, p -> p.writeByte(1));
        PacketWriter.write(out, sequence++, p -> p.writeCharSequence("\3def", UTF_8));
        for (String row : rows) {
            PacketWriter.write(out, sequence++, p -> LengthEncoded.writeString(p, row, UTF_8));
        }
        PacketWriter.write(
                out,
                sequence,
                p -> p.writeByte(0xFE).writeZero(2).writeShortLE(status).writeShortLE(0));
        return out;
    }

    /** One row of several columns, with DEPRECATE_EOF. */
    static ByteBuf row(int status, String... values) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.buffer();
        int sequence = 1;
        PacketWriter.write(out, sequence++, p -> p.writeByte(values.length));
        for (int i = 0; i < values.length; i++) {
            PacketWriter.write(out, sequence++, p -> p.writeCharSequence("\3def", UTF_8));
        }
        PacketWriter.write(
                out,
                sequence++,
                p -> {
                    for (String value : values) {
                        LengthEncoded.writeString(p, value, UTF_8);
                    }
                });
        PacketWriter.write(
                out,
                sequence,
                p -> p.writeByte(0xFE).writeZero(2).writeShortLE(status).writeShortLE(0));
        return out;
    }

    /** A prepared statement with one parameter and without columns; with DEPRECATE_EOF. */
    static ByteBuf prepared(int id) {
        ByteBuf out =
                packet(
                        1,
                        p ->
                                p.writeByte(0)
                                        .writeIntLE(id)
                                        .writeShortLE(0)
                                        .writeShortLE(1)
                                        .writeZero(3));
        PacketWriter.write(out, 2, p -> p.writeCharSequence("\3def", UTF_8));
        return out;
    }

    /** As {@link #execute}, with a text that makes it longer than what is looked at whole. */
    static ByteBuf longExecute(int id, boolean bound) {
        return command(
                Command.STMT_EXECUTE,
                p -> {
                    p.writeIntLE(id).writeByte(0).writeIntLE(1).writeByte(0);
                    p.writeByte(bound ? 1 : 0);
                    if (bound) {
                        p.writeShortLE(253);
                    }
                    LengthEncoded.writeString(p, "x".repeat(40_000), UTF_8);
                });
    }

    /** Executes with one parameter of type INT; its type is sent only if {@code bound}. */
    static ByteBuf execute(int id, boolean bound) {
        return command(
                Command.STMT_EXECUTE,
                p -> {
                    p.writeIntLE(id).writeByte(0).writeIntLE(1).writeByte(0);
                    p.writeByte(bound ? 1 : 0);
                    if (bound) {
                        p.writeShortLE(3);
                    }
                    p.writeIntLE(42);
                });
    }
}
