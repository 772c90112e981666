package io.moha.protocol.wire;

/** A packet has not the sequence number that is due; MySQL answers it with error 1156. */
public final class PacketsOutOfOrderException extends MalformedPacketException {

    private static final long serialVersionUID = 1;

    /** A packet numbered {@code actual} came where {@code expected} was due. */
    public PacketsOutOfOrderException(int expected, int actual) {
        super("packet " + actual + " came where packet " + expected + " was due");
    }
}
