package io.moha.protocol.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketWriter;
import io.netty.buffer.ByteBuf;

/** Takes out of an OK packet the session state changes that the client did not ask for. */
public final class SessionChangeFilter {

    private SessionChangeFilter() {}

    /**
     * Shortens the packet that {@code ok} shows, where it lies; {@code ok} is void afterwards.
     * Bytes behind the packet stay where they are, so that there is a gap when the packet became
     * shorter.
     *
     * @param in the packet's buffer, which must be writable; its indexes do not move
     * @return the index behind the packet's last byte now
     */
    public static int apply(ByteBuf in, OkPacketView ok, TrackerWishes wishes) {
        if (!ok.hasChanges()) {
            return ok.packetEnd();
        }
        int total = ok.changesEnd() - ok.changesStart();
        int kept = wishes.tracks() ? wantedBytes(in, ok, wishes) : 0;
        if (kept == total && wishes.tracks()) {
            return ok.packetEnd();
        }
        int end;
        if (kept == 0) {
            in.setShortLE(ok.statusIndex(), ok.status() & ~ServerStatus.SESSION_STATE_CHANGED);
            end = ok.endWithoutChanges();
        } else {
            end = keep(in, ok, wishes, kept);
        }
        PacketWriter.patch(
                in,
                ok.packetStart(),
                end - ok.packetStart() - PacketHeader.SIZE,
                PacketHeader.sequence(in, ok.packetStart()));
        return end;
    }

    private static int wantedBytes(ByteBuf in, OkPacketView ok, TrackerWishes wishes) {
        int wanted = 0;
        int entry = ok.changesStart();
        while (entry < ok.changesEnd()) {
            int next = entryEnd(in, entry);
            if (isWanted(in, entry, wishes)) {
                wanted += next - entry;
            }
            entry = next;
        }
        return wanted;
    }

    /** Moves the wanted entries, {@code kept} bytes, together behind their new length. */
    private static int keep(ByteBuf in, OkPacketView ok, TrackerWishes wishes, int kept) {
        int writerIndex = in.writerIndex();
        int entry = ok.changesStart();
        // Never overwrites an entry not yet looked at: the new length is not longer than the old.
        in.writerIndex(ok.changesIndex());
        LengthEncoded.writeInteger(in, kept);
        int target = in.writerIndex();
        in.writerIndex(writerIndex);
        while (entry < ok.changesEnd()) {
            int next = entryEnd(in, entry);
            if (isWanted(in, entry, wishes)) {
                in.setBytes(target, in, entry, next - entry);
                target += next - entry;
            }
            entry = next;
        }
        return target;
    }

    private static int entryEnd(ByteBuf in, int entry) {
        int size = LengthEncoded.size(in.getUnsignedByte(entry + 1));
        return entry + 1 + size + lengthAt(in, entry + 1, size);
    }

    private static int lengthAt(ByteBuf in, int index, int size) {
        return switch (size) {
            case 1 -> in.getUnsignedByte(index);
            case 3 -> in.getUnsignedShortLE(index + 1);
            default -> in.getUnsignedMediumLE(index + 1);
        };
    }

    private static boolean isWanted(ByteBuf in, int entry, TrackerWishes wishes) {
        int type = in.getUnsignedByte(entry);
        if (type != SessionChanges.SYSTEM_VARIABLES) {
            return wishes.wants(type);
        }
        int nameLength = entry + 1 + LengthEncoded.size(in.getUnsignedByte(entry + 1));
        int size = LengthEncoded.size(in.getUnsignedByte(nameLength));
        String name = in.toString(nameLength + size, lengthAt(in, nameLength, size), UTF_8);
        return wishes.wantsVariable(name);
    }
}
