package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client says about itself, for example {@code _client_name} and {@code program_name}; seen
 * in {@code performance_schema.session_connect_attrs}. Kept as the bytes that came, so that passing
 * them on costs nothing and changes nothing.
 *
 * @param block names and values, each behind its length
 */
public record ConnectAttributes(Octets block) {

    /** No attributes. */
    public static final ConnectAttributes NONE = new ConnectAttributes(Octets.EMPTY);

    // Servers refuse more.
    private static final int MAX_BYTES = 0xFF_FF;

    /** Reads the length and the block, which is not looked into. */
    static ConnectAttributes read(ByteBuf in) {
        int length = LengthEncoded.readLength(in);
        if (length > MAX_BYTES) {
            throw new MalformedPacketException(length + " bytes of connection attributes");
        }
        return length == 0 ? NONE : new ConnectAttributes(Octets.read(in, length));
    }

    /** Appends the length and the block. */
    void write(ByteBuf out) {
        Payload.writeLengthEncoded(out, block);
    }

    /**
     * These attributes and {@code more}, in this order. When a server would refuse the length,
     * these attributes alone.
     */
    public ConnectAttributes plus(Map<String, String> more) {
        ByteBuf both = Unpooled.buffer(block.length() + 32 * more.size());
        block.writeTo(both);
        more.forEach(
                (name, value) -> {
                    LengthEncoded.writeString(both, name, UTF_8);
                    LengthEncoded.writeString(both, value, UTF_8);
                });
        if (both.readableBytes() > MAX_BYTES) {
            return this;
        }
        return new ConnectAttributes(Octets.read(both, both.readableBytes()));
    }

    /**
     * The attributes by name, for people and for guesses about the client; ends silently where the
     * block is broken, as servers do not check it either.
     */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        ByteBuf in = Unpooled.wrappedBuffer(block.toBytes());
        try {
            while (in.isReadable()) {
                String name = LengthEncoded.readString(in, UTF_8);
                values.put(name, LengthEncoded.readString(in, UTF_8));
            }
        } catch (IndexOutOfBoundsException | MalformedPacketException e) {
            return values;
        }
        return values;
    }
}
