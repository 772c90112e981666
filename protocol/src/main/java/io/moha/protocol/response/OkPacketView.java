package io.moha.protocol.response;

import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * Where the parts of one OK packet lie in its buffer. Reused from packet to packet; what it says
 * holds until the buffer changes. All positions are absolute indexes.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html">OK_Packet</a>
 */
public final class OkPacketView {

    private int packetStart;
    private int packetEnd;
    private int statusIndex;
    private int status;
    private int warnings;
    private int infoIndex;
    private int infoLength;
    private int changesIndex;
    private int changesStart;
    private int changesEnd;

    /**
     * Finds the parts of a packet that lies whole in {@code in}.
     *
     * @param start of the packet's header
     * @param end behind its last byte
     * @throws MalformedPacketException when it is no OK packet of a connection with SESSION_TRACK
     */
    void locate(ByteBuf in, int start, int end) {
        packetStart = start;
        packetEnd = end;
        int readerIndex = in.readerIndex();
        try {
            in.readerIndex(start + 5);
            LengthEncoded.skipInteger(in);
            LengthEncoded.skipInteger(in);
            statusIndex = in.readerIndex();
            status = in.readUnsignedShortLE();
            warnings = in.readUnsignedShortLE();
            locateInfo(in);
            locateChanges(in);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedPacketException("an OK packet ends too early");
        } finally {
            in.readerIndex(readerIndex);
        }
        if (changesEnd > end) {
            throw new MalformedPacketException("an OK packet runs over its end");
        }
    }

    private void locateInfo(ByteBuf in) {
        infoIndex = in.readerIndex();
        infoLength = 0;
        if (infoIndex < packetEnd) {
            infoLength = LengthEncoded.readLength(in);
            in.skipBytes(infoLength);
        }
    }

    private void locateChanges(ByteBuf in) {
        changesIndex = in.readerIndex();
        changesStart = changesIndex;
        changesEnd = changesIndex;
        if (hasChanges() && changesIndex < packetEnd) {
            int length = LengthEncoded.readLength(in);
            changesStart = in.readerIndex();
            changesEnd = changesStart + length;
        }
    }

    /** The status flags, see {@link ServerStatus}. */
    public int status() {
        return status;
    }

    /** How many warnings the statement left. */
    public int warnings() {
        return warnings;
    }

    /** Whether the packet carries session state changes; the block of them may be empty. */
    public boolean hasChanges() {
        return ServerStatus.has(status, ServerStatus.SESSION_STATE_CHANGED);
    }

    /** Where the packet's header is. */
    public int packetStart() {
        return packetStart;
    }

    /** Behind the packet's last byte. */
    public int packetEnd() {
        return packetEnd;
    }

    /** Where the first session state change is. */
    public int changesStart() {
        return changesStart;
    }

    /** Behind the last session state change. */
    public int changesEnd() {
        return changesEnd;
    }

    /** Where the two bytes of the status are. */
    int statusIndex() {
        return statusIndex;
    }

    /** Where the packet ends when there are no changes, so that an empty text is left out too. */
    int endWithoutChanges() {
        return infoLength == 0 ? infoIndex : changesIndex;
    }

    /** Where the length of the block of changes is. */
    int changesIndex() {
        return changesIndex;
    }
}
