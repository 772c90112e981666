package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;

/**
 * The server wants the proof made by another plugin, or with another nonce.
 *
 * @param plugin empty when the server wants the proof of before 4.1, which nobody should give
 * @param nonce what the plugin works on, without the NUL that servers put behind it; empty for
 *     plugins that need none
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_switch_request.html">AuthSwitchRequest</a>
 */
public record AuthSwitchRequest(String plugin, Octets nonce) {

    /** The first byte of the payload. */
    public static final int HEADER = 0xFE;

    /** Reads a request. */
    public static AuthSwitchRequest decode(ByteBuf payload) {
        return Payload.decode("the auth switch request", payload, AuthSwitchRequest::read);
    }

    private static AuthSwitchRequest read(ByteBuf in) {
        if (in.readUnsignedByte() != HEADER) {
            throw new MalformedPacketException("no auth switch request");
        }
        if (!in.isReadable()) {
            return new AuthSwitchRequest("", Octets.EMPTY);
        }
        String plugin = Payload.nulTerminatedOrRest(in).text(US_ASCII);
        Octets data = Payload.rest(in);
        int last = data.length() - 1;
        boolean terminated = last >= 0 && data.at(last) == 0;
        return new AuthSwitchRequest(plugin, terminated ? data.slice(0, last) : data);
    }

    /** Appends the payload, with the NUL behind the nonce. */
    public void encode(ByteBuf out) {
        out.writeByte(HEADER);
        Payload.writeNulTerminated(out, plugin, US_ASCII);
        nonce.writeTo(out);
        out.writeByte(0);
    }
}
