package io.moha.protocol.wire;

/** A packet is longer than what this side takes at this point. */
public final class PacketTooLargeException extends MalformedPacketException {

    private static final long serialVersionUID = 1;

    private final int length;

    /** A payload of {@code length} bytes came where {@code limit} bytes are the most. */
    public PacketTooLargeException(int length, int limit) {
        super("a packet of " + length + " bytes came, the most here is " + limit);
        this.length = length;
    }

    /**
     * The length in the packet's header, in bytes; of whatever the peer speaks instead of MySQL.
     */
    public int length() {
        return length;
    }
}
