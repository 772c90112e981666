package io.moha.protocol.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * Reads the session state changes of an OK packet.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html#sect_protocol_basic_ok_packet_sessinfo">Session
 *     state information</a>
 */
public final class SessionChanges {

    static final int SYSTEM_VARIABLES = 0;
    static final int SCHEMA = 1;
    static final int STATE_CHANGE = 2;
    static final int GTIDS = 3;
    static final int TRANSACTION_CHARACTERISTICS = 4;
    static final int TRANSACTION_STATE = 5;

    private SessionChanges() {}

    /** Is told of each change, in the order in which the server wrote them. */
    public interface Visitor {

        /** A system variable was set; an empty value stands for NULL where the variable can be. */
        void onVariable(String name, String value);

        /** The default schema is this now; empty for none. */
        void onSchema(String schema);

        /** Something that makes up the session's state changed, named by other changes or not. */
        void onStateChanged();

        /** The session's own commits got these GTIDs. */
        void onGtids(String gtids);

        /** SQL that begins a transaction like the present one; empty for a plain one. */
        void onTransactionCharacteristics(String sql);

        /**
         * What the present transaction has done, as eight characters at {@code index} of {@code
         * in}.
         */
        void onTransactionState(ByteBuf in, int index);
    }

    /**
     * Reads all changes of the packet that {@code ok} shows. Types that are not known are skipped.
     *
     * @throws MalformedPacketException when an entry runs over the end of the block
     */
    public static void read(ByteBuf in, OkPacketView ok, Visitor visitor) {
        int readerIndex = in.readerIndex();
        try {
            in.readerIndex(ok.changesStart());
            while (in.readerIndex() < ok.changesEnd()) {
                int type = in.readUnsignedByte();
                int length = LengthEncoded.readLength(in);
                int next = in.readerIndex() + length;
                if (next > ok.changesEnd()) {
                    throw new MalformedPacketException("a state change runs over its end");
                }
                readEntry(in, type, visitor);
                in.readerIndex(next);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedPacketException("a state change ends too early");
        } finally {
            in.readerIndex(readerIndex);
        }
    }

    private static void readEntry(ByteBuf in, int type, Visitor visitor) {
        switch (type) {
            case SYSTEM_VARIABLES ->
                    visitor.onVariable(
                            LengthEncoded.readString(in, UTF_8),
                            LengthEncoded.readString(in, UTF_8));
            case SCHEMA -> visitor.onSchema(LengthEncoded.readString(in, UTF_8));
            case STATE_CHANGE -> visitor.onStateChanged();
            case GTIDS -> {
                // One byte tells the encoding; 0 is the only one there is.
                in.skipBytes(1);
                visitor.onGtids(LengthEncoded.readString(in, UTF_8));
            }
            case TRANSACTION_CHARACTERISTICS ->
                    visitor.onTransactionCharacteristics(LengthEncoded.readString(in, UTF_8));
            case TRANSACTION_STATE -> {
                LengthEncoded.readLength(in);
                visitor.onTransactionState(in, in.readerIndex());
            }
            default -> {}
        }
    }
}
