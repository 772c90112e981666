package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.flags.ServerStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PacketsTest {

    private static final int TRACKING = Capability.SESSION_TRACK;
    private static final int CHANGED = ServerStatus.AUTOCOMMIT | ServerStatus.SESSION_STATE_CHANGED;

    @Test
    void okWithSchemaChangeIsRead() {
        // What 9.7.4 answers to "USE app".
        String captured = "0000000240000000" + "06" + "01" + "04" + "03617070";

        OkPacket ok = OkPacket.decode(Captured.payload(captured), TRACKING);

        assertThat(ok.status()).isEqualTo(CHANGED);
        assertThat(ok.stateChanges().length()).isEqualTo(6);
        assertThat(encoded(out -> ok.encode(out, OkPacket.HEADER, TRACKING))).isEqualTo(captured);
    }

    @Test
    void okLosesItsChangesOnALinkWithoutTracking() {
        OkPacket ok = OkPacket.decode(Captured.payload("000000024000000006010403617070"), TRACKING);

        assertThat(encoded(out -> ok.encode(out, OkPacket.HEADER, 0))).isEqualTo("00000002000000");
    }

    @Test
    void okKeepsTheLengthBeforeItsTextWithoutTracking() {
        OkPacket ok =
                new OkPacket(
                        2,
                        0,
                        ServerStatus.AUTOCOMMIT,
                        0,
                        Octets.of("Records", UTF_8),
                        Octets.EMPTY);

        assertThat(encoded(out -> ok.encode(out, OkPacket.HEADER, 0)))
                .isEqualTo("000200020000000752" + "65636f726473");
    }

    @Test
    void emptyBlockOfChangesIsKept() {
        // COMMIT AND CHAIN with the default trackers.
        OkPacket ok = OkPacket.decode(Captured.payload("0000000340000000" + "00"), TRACKING);

        assertThat(ok.stateChanges().isEmpty()).isTrue();
        assertThat(encoded(out -> ok.encode(out, OkPacket.HEADER, TRACKING)))
                .isEqualTo("000000034000000000");
    }

    @Test
    void errorIsReadWithAndWithoutState() {
        ErrPacket plain =
                ErrPacket.decode(
                        Captured.payload("ff1004" + "546f6f206d616e7920636f6e6e656374696f6e73"));
        ErrPacket full = ErrPacket.of(ErrorCode.ACCESS_DENIED, "no");

        assertThat(plain.number()).isEqualTo(1040);
        assertThat(plain.sqlState()).isEmpty();
        assertThat(plain.message().text(UTF_8)).isEqualTo("Too many connections");
        assertThat(plain.withSqlState("08004").sqlState()).isEqualTo("08004");
        assertThat(encoded(full::encode)).isEqualTo("ff1504" + "233238303030" + "6e6f");
        assertThat(ErrPacket.decode(Captured.payload(encoded(full::encode)))).isEqualTo(full);
    }

    @Test
    void authSwitchLosesTheNulBehindItsNonce() {
        Octets nonce = Octets.of("abcdefghijklmnopqrst", UTF_8);
        AuthSwitchRequest request = new AuthSwitchRequest("caching_sha2_password", nonce);

        assertThat(AuthSwitchRequest.decode(Captured.payload(encoded(request::encode))))
                .isEqualTo(request);
        assertThat(AuthSwitchRequest.decode(Captured.payload("fe")).plugin()).isEmpty();
    }

    @Test
    void eofIsReadAsWritten() {
        EofPacket eof = new EofPacket(1, ServerStatus.AUTOCOMMIT);

        assertThat(encoded(eof::encode)).isEqualTo("fe01000200");
        assertThat(EofPacket.decode(Captured.payload("fe01000200"))).isEqualTo(eof);
    }

    @Test
    void changeUserIsReadAsWritten() {
        int capabilities = Capability.PLUGIN_AUTH | Capability.CONNECT_ATTRS;
        ChangeUser change =
                new ChangeUser(
                        "app",
                        Octets.of((byte) 1, (byte) 0, (byte) 2),
                        "shop",
                        309,
                        "caching_sha2_password",
                        ConnectAttributes.NONE.plus(Map.of("_client_ip", "10.0.0.1")));

        String written = encoded(out -> change.encode(out, capabilities, 45));

        assertThat(ChangeUser.decode(Captured.payload(written), capabilities, 45))
                .isEqualTo(change);
    }

    @Test
    void changeUserMayEndAfterTheSchema() {
        ChangeUser change =
                ChangeUser.decode(Captured.payload("11617070000000"), Capability.PLUGIN_AUTH, 33);

        assertThat(change.user()).isEqualTo("app");
        assertThat(change.schema()).isNull();
        assertThat(change.collation()).isEqualTo(33);
        assertThat(change.authPlugin()).isEmpty();
    }

    @Test
    void brokenAttributesEndTheListOnly() {
        ConnectAttributes attributes = new ConnectAttributes(Octets.of("\1a\1b\1cp", UTF_8));

        assertThat(attributes.values()).containsExactly(Map.entry("a", "b"));
    }

    private static String encoded(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        return Captured.hex(out);
    }
}
