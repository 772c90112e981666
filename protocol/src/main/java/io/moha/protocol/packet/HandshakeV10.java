package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * The server's greeting.
 *
 * @param serverVersion for example {@code 9.7.4}; clients choose features by it
 * @param connectionId what KILL takes, unsigned 32 bits
 * @param nonce 20 bytes to make the authentication proof with
 * @param capabilities what the server offers, see {@link Capability}
 * @param collation the low eight bits of the server's default collation
 * @param status see {@link io.moha.protocol.flags.ServerStatus}
 * @param authPlugin the plugin the nonce is meant for; empty without PLUGIN_AUTH
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html">HandshakeV10</a>
 */
public record HandshakeV10(
        String serverVersion,
        long connectionId,
        Octets nonce,
        int capabilities,
        int collation,
        int status,
        String authPlugin) {

    /** Bytes of a nonce. */
    public static final int NONCE_LENGTH = 20;

    private static final int PROTOCOL_VERSION = 10;
    private static final int FIRST_PART = 8;
    private static final int SECOND_PART = NONCE_LENGTH - FIRST_PART;
    private static final int RESERVED = 10;

    /** Refuses a nonce of any other length than 20 bytes. */
    public HandshakeV10 {
        if (nonce.length() != NONCE_LENGTH) {
            throw new IllegalArgumentException("a nonce has 20 bytes, not " + nonce.length());
        }
    }

    /**
     * Reads a greeting. An ERR packet in its place is no greeting: look at the first byte first.
     */
    public static HandshakeV10 decode(ByteBuf payload) {
        return Payload.decode("the greeting", payload, HandshakeV10::read);
    }

    private static HandshakeV10 read(ByteBuf in) {
        int version = in.readUnsignedByte();
        if (version != PROTOCOL_VERSION) {
            throw new MalformedPacketException("greeting of protocol version " + version);
        }
        String serverVersion = Payload.nulTerminated(in).text(UTF_8);
        long connectionId = in.readUnsignedIntLE();
        byte[] nonce = new byte[NONCE_LENGTH];
        in.readBytes(nonce, 0, FIRST_PART);
        in.skipBytes(1);
        int capabilities = in.readUnsignedShortLE();
        int collation = in.readUnsignedByte();
        int status = in.readUnsignedShortLE();
        capabilities |= in.readUnsignedShortLE() << 16;
        in.skipBytes(1 + RESERVED);
        // The second part is announced as 13 bytes, the last of them NUL.
        in.readBytes(nonce, FIRST_PART, SECOND_PART);
        if (in.isReadable()) {
            in.skipBytes(1);
        }
        String plugin =
                Capability.has(capabilities, Capability.PLUGIN_AUTH)
                        ? Payload.nulTerminatedOrRest(in).text(US_ASCII)
                        : "";
        return new HandshakeV10(
                serverVersion,
                connectionId,
                Octets.of(nonce),
                capabilities,
                collation,
                status,
                plugin);
    }

    /** Appends the greeting's payload. */
    public void encode(ByteBuf out) {
        out.writeByte(PROTOCOL_VERSION);
        Payload.writeNulTerminated(out, serverVersion, UTF_8);
        out.writeIntLE((int) connectionId);
        nonce.slice(0, FIRST_PART).writeTo(out);
        out.writeByte(0);
        out.writeShortLE(capabilities);
        out.writeByte(collation);
        out.writeShortLE(status);
        out.writeShortLE(capabilities >>> 16);
        out.writeByte(NONCE_LENGTH + 1);
        out.writeZero(RESERVED);
        nonce.slice(FIRST_PART, NONCE_LENGTH).writeTo(out);
        out.writeByte(0);
        Payload.writeNulTerminated(out, authPlugin, US_ASCII);
    }
}
