package io.moha.protocol.packet;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * Success.
 *
 * @param affectedRows rows, unsigned 64 bits
 * @param lastInsertId id, unsigned 64 bits
 * @param status see {@link ServerStatus}
 * @param warnings number of warnings
 * @param info text for people, mostly empty
 * @param stateChanges session state changes, undecoded; present when the status has
 *     SESSION_STATE_CHANGED, and may be empty even then
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html">OK_Packet</a>
 */
public record OkPacket(
        long affectedRows,
        long lastInsertId,
        int status,
        int warnings,
        Octets info,
        Octets stateChanges) {

    /** The first byte of the payload, as answer to most commands. */
    public static final int HEADER = 0x00;

    /** The first byte of the payload where an EOF packet stood before DEPRECATE_EOF. */
    public static final int EOF_HEADER = 0xFE;

    /** Success with nothing more to say than the session's status. */
    public static OkPacket of(int status) {
        return new OkPacket(0, 0, status, 0, Octets.EMPTY, Octets.EMPTY);
    }

    /**
     * Reads an OK packet with either header.
     *
     * @param capabilities what was negotiated on the link it came from; only SESSION_TRACK counts
     */
    public static OkPacket decode(ByteBuf payload, int capabilities) {
        return Payload.decode("the OK packet", payload, in -> read(in, capabilities));
    }

    private static OkPacket read(ByteBuf in, int capabilities) {
        int header = in.readUnsignedByte();
        if (header != HEADER && header != EOF_HEADER) {
            throw new MalformedPacketException("no OK packet");
        }
        long affectedRows = LengthEncoded.readInteger(in);
        long lastInsertId = LengthEncoded.readInteger(in);
        int status = in.readUnsignedShortLE();
        int warnings = in.readUnsignedShortLE();
        // The documentation has the text run to the end without SESSION_TRACK, but servers always
        // write a length.
        Octets info = in.isReadable() ? Payload.lengthEncoded(in) : Octets.EMPTY;
        Octets stateChanges = Octets.EMPTY;
        if (Capability.has(capabilities, Capability.SESSION_TRACK)
                && ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED)
                && in.isReadable()) {
            stateChanges = Payload.lengthEncoded(in);
        }
        return new OkPacket(affectedRows, lastInsertId, status, warnings, info, stateChanges);
    }

    /**
     * Appends the payload. State changes go only to a link with SESSION_TRACK; on others the bit
     * that announces them is cleared.
     *
     * @param header {@link #HEADER} or {@link #EOF_HEADER}
     * @param capabilities what was negotiated on the link it goes to
     */
    public void encode(ByteBuf out, int header, int capabilities) {
        boolean tracks = Capability.has(capabilities, Capability.SESSION_TRACK);
        boolean changed = tracks && ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED);
        out.writeByte(header);
        LengthEncoded.writeInteger(out, affectedRows);
        LengthEncoded.writeInteger(out, lastInsertId);
        out.writeShortLE(changed ? status : status & ~ServerStatus.SESSION_STATE_CHANGED);
        out.writeShortLE(warnings);
        if (changed || !info.isEmpty()) {
            Payload.writeLengthEncoded(out, info);
        }
        if (changed) {
            Payload.writeLengthEncoded(out, stateChanges);
        }
    }
}
