package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.LengthEncoded;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The client's answer to the greeting.
 *
 * @param capabilities what the client wants; it also decides the layout of the packet
 * @param maxPacketSize for information, unsigned 32 bits; some clients send 0
 * @param collation the client's collation, 0 to 255; it sets the session's character sets
 * @param user without the single quotes that some clients put around it
 * @param authResponse the proof; empty, or one NUL, when the password is empty
 * @param schema the schema to start in, null when there is none
 * @param authPlugin the plugin that made the proof, empty when the client does not say
 * @param attributes none without CONNECT_ATTRS
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html">HandshakeResponse</a>
 */
public record HandshakeResponse41(
        int capabilities,
        long maxPacketSize,
        int collation,
        String user,
        Octets authResponse,
        @Nullable String schema,
        String authPlugin,
        ConnectAttributes attributes) {

    private static final int FILLER = 23;

    /** Reads a response on a link without TLS, where its own flags count. */
    public static HandshakeResponse41 decode(ByteBuf payload) {
        return Payload.decode(
                "the handshake response", payload, in -> read(in, in.getIntLE(in.readerIndex())));
    }

    /**
     * Reads a response after TLS was set up. The flags of {@code request} count, as servers have
     * it: some clients leave the SSL flag out of the second packet.
     *
     * @throws MalformedPacketException also when the collation is another one than before
     */
    public static HandshakeResponse41 decode(ByteBuf payload, SslRequest request) {
        HandshakeResponse41 response =
                Payload.decode(
                        "the handshake response", payload, in -> read(in, request.capabilities()));
        // The four-byte request named no collation.
        if (request.collation() != 0 && response.collation != request.collation()) {
            throw new MalformedPacketException("the collation changed behind the SSL request");
        }
        return response;
    }

    private static HandshakeResponse41 read(ByteBuf in, int capabilities) {
        if (!Capability.has(capabilities, Capability.PROTOCOL_41)) {
            throw new MalformedPacketException("a client older than 4.1");
        }
        in.skipBytes(Integer.BYTES);
        long maxPacketSize = in.readUnsignedIntLE();
        int collation = in.readUnsignedByte();
        in.skipBytes(FILLER);
        Charset charset = CollationCharset.of(collation);
        String user = unquoted(Payload.nulTerminated(in).text(charset));
        Octets authResponse = readAuthResponse(in, capabilities);
        String schema = null;
        if (Capability.has(capabilities, Capability.CONNECT_WITH_DB) && in.isReadable()) {
            schema = Payload.nulTerminatedOrRest(in).text(charset);
        }
        String plugin = "";
        if (Capability.has(capabilities, Capability.PLUGIN_AUTH)) {
            plugin = Payload.nulTerminatedOrRest(in).text(US_ASCII);
        }
        ConnectAttributes attributes = ConnectAttributes.NONE;
        if (Capability.has(capabilities, Capability.CONNECT_ATTRS) && in.isReadable()) {
            attributes = ConnectAttributes.read(in);
        }
        // A zstd level may follow; compression is not spoken here.
        return new HandshakeResponse41(
                capabilities,
                maxPacketSize,
                collation,
                user,
                authResponse,
                schema == null || schema.isEmpty() ? null : schema,
                plugin,
                attributes);
    }

    private static Octets readAuthResponse(ByteBuf in, int capabilities) {
        if (Capability.has(capabilities, Capability.PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
            return Payload.lengthEncoded(in);
        }
        if (Capability.has(capabilities, Capability.SECURE_CONNECTION)) {
            return Payload.shortString(in);
        }
        return Payload.nulTerminated(in);
    }

    private static String unquoted(String user) {
        int last = user.length() - 1;
        return last > 0 && user.charAt(0) == '\'' && user.charAt(last) == '\''
                ? user.substring(1, last)
                : user;
    }

    /** Appends the payload, in the layout that {@link #capabilities} ask for. */
    public void encode(ByteBuf out) {
        Charset charset = CollationCharset.of(collation);
        new SslRequest(capabilities, maxPacketSize, collation).encode(out);
        Payload.writeNulTerminated(out, user, charset);
        if (has(Capability.PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
            LengthEncoded.writeInteger(out, authResponse.length());
            authResponse.writeTo(out);
        } else if (has(Capability.SECURE_CONNECTION)) {
            out.writeByte(authResponse.length());
            authResponse.writeTo(out);
        } else {
            authResponse.writeTo(out);
            out.writeByte(0);
        }
        if (has(Capability.CONNECT_WITH_DB)) {
            Payload.writeNulTerminated(out, schema == null ? "" : schema, charset);
        }
        if (has(Capability.PLUGIN_AUTH)) {
            Payload.writeNulTerminated(out, authPlugin, US_ASCII);
        }
        if (has(Capability.CONNECT_ATTRS)) {
            attributes.write(out);
        }
    }

    private boolean has(int capability) {
        return Capability.has(capabilities, capability);
    }
}
