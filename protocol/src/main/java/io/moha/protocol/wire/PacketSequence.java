package io.moha.protocol.wire;

/**
 * Counts the packets of one exchange, in both directions together: 0 for the first packet of a
 * login or command, then one more for each packet from either side, modulo 256. Confined to one
 * thread.
 */
public final class PacketSequence {

    private int next;

    /** The number of the next packet, which is now used up. */
    public int take() {
        int taken = next;
        next = (next + 1) & 0xFF;
        return taken;
    }

    /** The number that the next packet will have. */
    public int peek() {
        return next;
    }

    /** Begins a new exchange at 0. */
    public void reset() {
        next = 0;
    }
}
