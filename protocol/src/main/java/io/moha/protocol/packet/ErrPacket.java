package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * An error.
 *
 * @param number the error number
 * @param sqlState five characters; empty in an error that comes instead of the greeting, when
 *     neither side knows yet whether the other understands it
 * @param message the text, in whatever character set the server chose, so that it can be passed on
 *     unchanged
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html">ERR_Packet</a>
 */
public record ErrPacket(int number, String sqlState, Octets message) {

    /** The first byte of the payload. */
    public static final int HEADER = 0xFF;

    private static final int SQL_STATE_MARK = '#';
    private static final int SQL_STATE_LENGTH = 5;

    /** Refuses a state that is neither five characters nor empty. */
    public ErrPacket {
        if (!sqlState.isEmpty() && sqlState.length() != SQL_STATE_LENGTH) {
            throw new IllegalArgumentException("no SQLSTATE: " + sqlState);
        }
    }

    /** One of our own errors with its default text. */
    public static ErrPacket of(ErrorCode code) {
        return of(code, code.message());
    }

    /** One of our own errors with another text. */
    public static ErrPacket of(ErrorCode code, String message) {
        return new ErrPacket(code.number(), code.sqlState(), Octets.of(message, UTF_8));
    }

    /** Reads an error, with or without SQLSTATE. */
    public static ErrPacket decode(ByteBuf payload) {
        return Payload.decode("the error", payload, ErrPacket::read);
    }

    private static ErrPacket read(ByteBuf in) {
        if (in.readUnsignedByte() != HEADER) {
            throw new MalformedPacketException("no error packet");
        }
        int number = in.readUnsignedShortLE();
        String sqlState = "";
        if (in.readableBytes() > SQL_STATE_LENGTH
                && in.getUnsignedByte(in.readerIndex()) == SQL_STATE_MARK) {
            in.skipBytes(1);
            sqlState = Octets.read(in, SQL_STATE_LENGTH).text(US_ASCII);
        }
        return new ErrPacket(number, sqlState, Payload.rest(in));
    }

    /** Appends the payload. */
    public void encode(ByteBuf out) {
        out.writeByte(HEADER);
        out.writeShortLE(number);
        if (!sqlState.isEmpty()) {
            out.writeByte(SQL_STATE_MARK);
            out.writeCharSequence(sqlState, US_ASCII);
        }
        message.writeTo(out);
    }

    /** The same error as it must look before the client has told its capabilities. */
    public ErrPacket withoutSqlState() {
        return new ErrPacket(number, "", message);
    }

    /**
     * The same error with a state, when it has none: what a server said instead of its greeting has
     * to be repeated with one to a client that has answered ours.
     */
    public ErrPacket withSqlState(String state) {
        return sqlState.isEmpty() ? new ErrPacket(number, state, message) : this;
    }

    /** Number, state and text, for the log. */
    @Override
    public String toString() {
        return number + " (" + sqlState + ") " + message.text(UTF_8);
    }
}
