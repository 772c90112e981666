package io.moha.it.raw;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** One logical packet as a client saw it: frames of 16 MiB are joined. Immutable by convention. */
public final class Packet {

    private static final int SHOWN = 300;

    private final int sequence;
    private final byte[] payload;

    /** A packet whose last frame had number {@code sequence}. */
    public Packet(int sequence, byte[] payload) {
        this.sequence = sequence;
        this.payload = payload;
    }

    /** The number of its last frame. */
    public int sequence() {
        return sequence;
    }

    /** What it carried; not a copy. */
    public byte[] payload() {
        return payload;
    }

    /** Its first byte; -1 when it is empty. */
    public int first() {
        return payload.length == 0 ? -1 : payload[0] & 0xFF;
    }

    /** Whether it is an ERR packet. */
    public boolean isError() {
        return first() == 0xFF;
    }

    /** Whether it is an OK packet that does not end rows. */
    public boolean isOk() {
        return first() == 0;
    }

    /** Whether it ends rows or column definitions, under {@code caps}. */
    public boolean isEnd(int caps) {
        return first() == 0xFE
                && (Caps.has(caps, Caps.DEPRECATE_EOF)
                        ? payload.length < 0xFFFFFF
                        : payload.length < 9);
    }

    /** The error number of an ERR packet. */
    public int errno() {
        return int2(1);
    }

    /** The message of an ERR packet, with its SQL state when it has one. */
    public String message() {
        return new String(payload, 3, payload.length - 3, StandardCharsets.UTF_8);
    }

    /** The status flags of an OK packet or of a packet that ends rows. */
    public int status(int caps) {
        if (first() == 0xFE && !Caps.has(caps, Caps.DEPRECATE_EOF)) {
            return int2(3);
        }
        int position = 1;
        position += lenencSize(position);
        position += lenencSize(position);
        return int2(position);
    }

    /** Two bytes at {@code position}. */
    public int int2(int position) {
        return (payload[position] & 0xFF) | ((payload[position + 1] & 0xFF) << 8);
    }

    /** Four bytes at {@code position}. */
    public int int4(int position) {
        return int2(position) | (int2(position + 2) << 16);
    }

    /** The length-encoded number at {@code position}, when it is below 2^24. */
    public int lenenc(int position) {
        int head = payload[position] & 0xFF;
        return switch (head) {
            case 0xFC -> int2(position + 1);
            case 0xFD -> int2(position + 1) | ((payload[position + 3] & 0xFF) << 16);
            default -> head;
        };
    }

    /** How many bytes the length-encoded number at {@code position} takes. */
    public int lenencSize(int position) {
        return switch (payload[position] & 0xFF) {
            case 0xFC -> 3;
            case 0xFD -> 4;
            case 0xFE -> 9;
            default -> 1;
        };
    }

    /** Readable and exact: the same text means the same packet. */
    @Override
    public String toString() {
        if (payload.length > SHOWN) {
            return sequence
                    + " "
                    + payload.length
                    + " bytes, hash "
                    + java.util.Arrays.hashCode(payload);
        }
        String text = new String(payload, StandardCharsets.ISO_8859_1);
        return sequence
                + " "
                + HexFormat.of().formatHex(payload)
                + "  "
                + text.replaceAll("[^\\x20-\\x7e]", ".");
    }
}
