package io.moha.proxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.packet.EofPacket;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.packet.OkPacket;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.PacketSequence;
import io.moha.protocol.wire.PacketWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes replies as MySQL packets. Confined to one connection. */
final class ResultWriter {

    private static final int UTF8MB4_0900_AI_CI = 255;
    private static final int TYPE_VAR_STRING = 0xFD;
    private static final int FIXED_FIELDS = 0x0C;
    private static final int COLUMN_LENGTH = 1024;
    private static final int NO_DECIMALS = 0x1F;

    private final PacketSequence sequence;
    private final int capabilities;

    /**
     * @param sequence shared with the decoder of the connection
     * @param capabilities what was agreed on with the client
     */
    ResultWriter(PacketSequence sequence, int capabilities) {
        this.sequence = sequence;
        this.capabilities = capabilities;
    }

    /** Appends {@code reply} to {@code out}, which stays the caller's. */
    void write(ByteBuf out, AdminReply reply) {
        switch (reply) {
            case AdminReply.Rows(ResultTable table) -> rows(out, table);
            case AdminReply.Done(String info) -> ok(out, OkPacket.HEADER, info);
            case AdminReply.Failed(var error) ->
                    PacketWriter.write(out, sequence.take(), error::encode);
        }
    }

    /** Appends an answer that is text alone, as COM_STATISTICS has it. */
    void text(ByteBuf out, String text) {
        PacketWriter.write(out, sequence.take(), payload -> payload.writeCharSequence(text, UTF_8));
    }

    /** Appends the end of rows alone: what COM_SET_OPTION, COM_DEBUG and COM_FIELD_LIST get. */
    void end(ByteBuf out) {
        if (Capability.has(capabilities, Capability.DEPRECATE_EOF)) {
            ok(out, OkPacket.EOF_HEADER, "");
        } else {
            eof(out);
        }
    }

    private void ok(ByteBuf out, int header, String info) {
        OkPacket ok =
                new OkPacket(
                        0, 0, ServerStatus.AUTOCOMMIT, 0, Octets.of(info, UTF_8), Octets.EMPTY);
        PacketWriter.write(
                out, sequence.take(), payload -> ok.encode(payload, header, capabilities));
    }

    private void eof(ByteBuf out) {
        EofPacket eof = new EofPacket(0, ServerStatus.AUTOCOMMIT);
        PacketWriter.write(out, sequence.take(), eof::encode);
    }

    private void rows(ByteBuf out, ResultTable table) {
        PacketWriter.write(
                out,
                sequence.take(),
                payload -> LengthEncoded.writeInteger(payload, table.columns().size()));
        for (String column : table.columns()) {
            PacketWriter.write(out, sequence.take(), payload -> column(payload, column));
        }
        if (!Capability.has(capabilities, Capability.DEPRECATE_EOF)) {
            eof(out);
        }
        for (List<@Nullable String> row : table.rows()) {
            PacketWriter.write(out, sequence.take(), payload -> row(payload, row));
        }
        end(out);
    }

    private static void row(ByteBuf payload, List<@Nullable String> row) {
        for (String value : row) {
            if (value == null) {
                LengthEncoded.writeNull(payload);
            } else {
                LengthEncoded.writeString(payload, value, UTF_8);
            }
        }
    }

    /** See Protocol::ColumnDefinition41. */
    private static void column(ByteBuf payload, String name) {
        LengthEncoded.writeString(payload, "def", UTF_8);
        LengthEncoded.writeString(payload, "", UTF_8);
        LengthEncoded.writeString(payload, "", UTF_8);
        LengthEncoded.writeString(payload, "", UTF_8);
        LengthEncoded.writeString(payload, name, UTF_8);
        LengthEncoded.writeString(payload, "", UTF_8);
        LengthEncoded.writeInteger(payload, FIXED_FIELDS);
        payload.writeShortLE(UTF8MB4_0900_AI_CI);
        payload.writeIntLE(COLUMN_LENGTH);
        payload.writeByte(TYPE_VAR_STRING);
        payload.writeShortLE(0);
        payload.writeByte(NO_DECIMALS);
        payload.writeZero(2);
    }
}
