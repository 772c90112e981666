package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * COM_CHANGE_USER: logs in anew on the same connection.
 *
 * @param user whom to become
 * @param authResponse a proof made with the last nonce; servers ask for another one in any case
 * @param schema the schema to start in, null when there is none
 * @param collation the new collation, 16 bits here
 * @param authPlugin the plugin that made the proof, empty when the client does not say
 * @param attributes none without CONNECT_ATTRS
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html">COM_CHANGE_USER</a>
 */
public record ChangeUser(
        String user,
        Octets authResponse,
        @Nullable String schema,
        int collation,
        String authPlugin,
        ConnectAttributes attributes) {

    /**
     * Reads the command.
     *
     * @param capabilities what was negotiated on the link it came from
     * @param collation what counts when the client sends none: the one of its login. Names are read
     *     in it too, because the session's character set of the moment is not known here
     */
    public static ChangeUser decode(ByteBuf payload, int capabilities, int collation) {
        return Payload.decode("COM_CHANGE_USER", payload, in -> read(in, capabilities, collation));
    }

    private static ChangeUser read(ByteBuf in, int capabilities, int oldCollation) {
        if (in.readUnsignedByte() != Command.CHANGE_USER.code()) {
            throw new MalformedPacketException("no COM_CHANGE_USER");
        }
        Charset charset = CollationCharset.of(oldCollation);
        String user = Payload.nulTerminated(in).text(charset);
        Octets authResponse = Payload.shortString(in);
        String schema = Payload.nulTerminatedOrRest(in).text(charset);
        int collation = oldCollation;
        if (in.readableBytes() >= Short.BYTES) {
            collation = in.readUnsignedShortLE();
        }
        String plugin = "";
        if (Capability.has(capabilities, Capability.PLUGIN_AUTH)) {
            plugin = Payload.nulTerminatedOrRest(in).text(US_ASCII);
        }
        ConnectAttributes attributes = ConnectAttributes.NONE;
        if (Capability.has(capabilities, Capability.CONNECT_ATTRS) && in.isReadable()) {
            attributes = ConnectAttributes.read(in);
        }
        return new ChangeUser(
                user,
                authResponse,
                schema.isEmpty() ? null : schema,
                collation,
                plugin,
                attributes);
    }

    /**
     * Appends the command.
     *
     * @param capabilities what was negotiated on the link it goes to
     * @param nameCollation the collation of the session until now, in which names are written
     */
    public void encode(ByteBuf out, int capabilities, int nameCollation) {
        Charset charset = CollationCharset.of(nameCollation);
        out.writeByte(Command.CHANGE_USER.code());
        Payload.writeNulTerminated(out, user, charset);
        out.writeByte(authResponse.length());
        authResponse.writeTo(out);
        Payload.writeNulTerminated(out, schema == null ? "" : schema, charset);
        out.writeShortLE(collation);
        if (Capability.has(capabilities, Capability.PLUGIN_AUTH)) {
            Payload.writeNulTerminated(out, authPlugin, US_ASCII);
        }
        if (Capability.has(capabilities, Capability.CONNECT_ATTRS)) {
            attributes.write(out);
        }
    }
}
