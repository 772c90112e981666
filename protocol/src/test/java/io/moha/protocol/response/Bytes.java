package io.moha.protocol.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Writes what servers send, packet by packet, with running sequence numbers from 1. */
final class Bytes {

    private final ByteBuf out = Unpooled.buffer();
    private int sequence = 1;

    /** All that was written; the caller may do with it what it likes. */
    ByteBuf done() {
        return out;
    }

    Bytes packet(Consumer<ByteBuf> payload) {
        PacketWriter.write(out, sequence++, payload);
        return this;
    }

    Bytes text(String payload) {
        return packet(p -> p.writeCharSequence(payload, UTF_8));
    }

    Bytes ok(int status) {
        return okWithHeader(0x00, status);
    }

    /** An OK packet where an EOF packet stood before DEPRECATE_EOF. */
    Bytes okAsEof(int status) {
        return okWithHeader(0xFE, status);
    }

    private Bytes okWithHeader(int header, int status) {
        return packet(p -> p.writeByte(header).writeZero(2).writeShortLE(status).writeShortLE(0));
    }

    /** An OK packet with info and a block of session state changes. */
    Bytes okWithChanges(int status, String info, Consumer<ByteBuf> changes) {
        ByteBuf block = Unpooled.buffer();
        changes.accept(block);
        return packet(
                p -> {
                    p.writeZero(3).writeShortLE(status | 0x4000).writeShortLE(0);
                    LengthEncoded.writeString(p, info, UTF_8);
                    LengthEncoded.writeInteger(p, block.readableBytes());
                    p.writeBytes(block);
                });
    }

    Bytes eof(int status) {
        return packet(p -> p.writeByte(0xFE).writeShortLE(0).writeShortLE(status));
    }

    Bytes err(int number) {
        return packet(
                p -> p.writeByte(0xFF).writeShortLE(number).writeCharSequence("#HY000no", UTF_8));
    }

    Bytes columnCount(int count) {
        return packet(p -> LengthEncoded.writeInteger(p, count));
    }

    Bytes columnCount(int count, int metadataFollows) {
        return packet(
                p -> {
                    LengthEncoded.writeInteger(p, count);
                    p.writeByte(metadataFollows);
                });
    }

    Bytes definitions(int count) {
        for (int i = 0; i < count; i++) {
            text("\3def\4app\1t\1t\2c" + i);
        }
        return this;
    }

    Bytes prepared(int id, int columns, int parameters) {
        return packet(p -> prepared(p, id, columns, parameters));
    }

    Bytes prepared(int id, int columns, int parameters, int metadataFollows) {
        return packet(
                p -> {
                    prepared(p, id, columns, parameters);
                    p.writeByte(metadataFollows);
                });
    }

    private static void prepared(ByteBuf p, int id, int columns, int parameters) {
        p.writeByte(0).writeIntLE(id).writeShortLE(columns).writeShortLE(parameters).writeZero(3);
    }

    /** A row so long that it begins with 0xFE and fills a packet, and the packet that ends it. */
    Bytes hugeRow() {
        PacketWriter.header(out, PacketHeader.MAX_PAYLOAD, sequence++);
        out.writeByte(0xFE).writeZero(PacketHeader.MAX_PAYLOAD - 1);
        return packet(p -> p.writeByte(0xFE).writeZero(6));
    }

    /** One entry of a block of session state changes. */
    static Consumer<ByteBuf> change(int type, Consumer<ByteBuf> data) {
        return out -> {
            ByteBuf entry = Unpooled.buffer();
            data.accept(entry);
            out.writeByte(type);
            LengthEncoded.writeInteger(out, entry.readableBytes());
            out.writeBytes(entry);
        };
    }

    static Consumer<ByteBuf> variable(String name, String value) {
        return change(
                0,
                out -> {
                    LengthEncoded.writeString(out, name, UTF_8);
                    LengthEncoded.writeString(out, value, UTF_8);
                });
    }

    static Consumer<ByteBuf> string(int type, String value) {
        return change(type, out -> LengthEncoded.writeString(out, value, UTF_8));
    }

    static Consumer<ByteBuf> gtids(String value) {
        return change(
                3,
                out -> {
                    out.writeByte(0);
                    LengthEncoded.writeString(out, value, UTF_8);
                });
    }
}
