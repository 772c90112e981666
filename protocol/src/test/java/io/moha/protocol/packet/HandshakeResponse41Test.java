package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeResponse41Test {

    private static final int BASE = Capability.PROTOCOL_41 | Capability.PLUGIN_AUTH;
    private static final int LATIN1 = 8;
    private static final int UTF8MB4 = 45;

    @Test
    void responseOfTheMysqlCommandLineIsRead() {
        HandshakeResponse41 response =
                HandshakeResponse41.decode(Captured.payload(Captured.MYSQL_97));

        assertThat(response.user()).isEqualTo("app");
        assertThat(response.schema()).isEqualTo("app");
        assertThat(response.collation()).isEqualTo(255);
        assertThat(response.authPlugin()).isEqualTo("caching_sha2_password");
        assertThat(response.authResponse().length()).isEqualTo(32);
        assertThat(response.attributes().values())
                .containsEntry("_client_name", "libmysql")
                .containsEntry("program_name", "mysql");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Captured.MYSQL_97,
                Captured.MYSQL_80,
                Captured.MARIADB,
                Captured.PYMYSQL,
                Captured.CONNECTOR_J,
                Captured.MARIADB_J
            })
    void responseIsWrittenAsTheClientWroteIt(String captured) {
        ByteBuf out = Unpooled.buffer();

        HandshakeResponse41.decode(Captured.payload(captured)).encode(out);

        assertThat(Captured.hex(out)).isEqualTo(captured);
    }

    @Test
    void flagsOfTheSslRequestCount() {
        HandshakeResponse41 response =
                HandshakeResponse41.decode(Captured.payload(Captured.CONNECTOR_J));
        SslRequest request =
                new SslRequest(response.capabilities() & ~Capability.DEPRECATE_EOF, 0, 255);

        HandshakeResponse41 afterTls =
                HandshakeResponse41.decode(Captured.payload(Captured.CONNECTOR_J), request);

        assertThat(afterTls.capabilities()).isEqualTo(request.capabilities());
        assertThat(afterTls.user()).isEqualTo("app");
    }

    @Test
    void anotherCollationBehindTheSslRequestIsMalformed() {
        SslRequest request = new SslRequest(BASE, 0, UTF8MB4);

        assertThatThrownBy(
                        () ->
                                HandshakeResponse41.decode(
                                        Captured.payload(Captured.CONNECTOR_J), request))
                .isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void quotesAroundTheUserAreStripped() {
        assertThat(decoded(response(BASE, UTF8MB4, "'root'")).user()).isEqualTo("root");
        assertThat(decoded(response(BASE, UTF8MB4, "'")).user()).isEqualTo("'");
    }

    @Test
    void namesAreReadInTheClientsCharacterSet() {
        ByteBuf payload = head(BASE, LATIN1);
        payload.writeCharSequence("m\u00fcller\0", ISO_8859_1);
        payload.writeByte(0).writeByte(0);

        assertThat(HandshakeResponse41.decode(payload).user()).isEqualTo("m\u00fcller");
        payload.release();
    }

    @Test
    void proofBehindOneByteOfLengthIsRead() {
        ByteBuf payload = head(BASE | Capability.SECURE_CONNECTION, UTF8MB4);
        payload.writeCharSequence("u\0", UTF_8);
        payload.writeByte(3).writeBytes(new byte[] {1, 0, 2});
        payload.writeCharSequence("p\0", UTF_8);

        HandshakeResponse41 response = HandshakeResponse41.decode(payload);

        assertThat(response.authResponse()).isEqualTo(Octets.of((byte) 1, (byte) 0, (byte) 2));
        assertThat(response.authPlugin()).isEqualTo("p");
        payload.release();
    }

    @Test
    void missingPluginAndAttributesAreTaken() {
        ByteBuf payload =
                head(BASE | Capability.CONNECT_ATTRS | Capability.CONNECT_WITH_DB, UTF8MB4);
        payload.writeCharSequence("u\0\0", UTF_8);

        HandshakeResponse41 response = HandshakeResponse41.decode(payload);

        assertThat(response.authPlugin()).isEmpty();
        assertThat(response.schema()).isNull();
        assertThat(response.attributes()).isEqualTo(ConnectAttributes.NONE);
        payload.release();
    }

    @Test
    void emptySchemaIsNone() {
        ByteBuf payload = head(BASE | Capability.CONNECT_WITH_DB, UTF8MB4);
        payload.writeCharSequence("u\0\0\0p\0", UTF_8);

        assertThat(HandshakeResponse41.decode(payload).schema()).isNull();
        payload.release();
    }

    @Test
    void attributesLongerThanThePacketAreMalformed() {
        ByteBuf payload = head(BASE | Capability.CONNECT_ATTRS, UTF8MB4);
        payload.writeCharSequence("u\0\0p\0", UTF_8);
        payload.writeByte(200).writeByte(1);

        assertThatThrownBy(() -> HandshakeResponse41.decode(payload))
                .isInstanceOf(MalformedPacketException.class);
        payload.release();
    }

    @Test
    void clientOlderThan41IsMalformed() {
        ByteBuf payload = response(0, UTF8MB4, "u");

        assertThatThrownBy(() -> HandshakeResponse41.decode(payload))
                .isInstanceOf(MalformedPacketException.class);
        payload.release();
    }

    @Test
    void sslRequestIsTold() {
        ByteBuf usual = Captured.payload(Captured.MYSQL_80_SSL);
        ByteBuf short41 = Unpooled.buffer().writeIntLE(BASE | Capability.SSL);

        assertThat(SslRequest.matches(usual)).isTrue();
        assertThat(SslRequest.matches(short41)).isTrue();
        assertThat(SslRequest.matches(Captured.payload(Captured.MYSQL_80))).isFalse();
        assertThat(SslRequest.decode(usual).collation()).isEqualTo(255);
        assertThat(SslRequest.decode(short41).capabilities()).isEqualTo(BASE | Capability.SSL);
        short41.release();
    }

    private static HandshakeResponse41 decoded(ByteBuf payload) {
        try {
            return HandshakeResponse41.decode(payload);
        } finally {
            payload.release();
        }
    }

    private static ByteBuf response(int capabilities, int collation, String user) {
        ByteBuf payload = head(capabilities, collation);
        payload.writeCharSequence(user, UTF_8);
        return payload.writeByte(0).writeByte(0).writeByte(0);
    }

    private static ByteBuf head(int capabilities, int collation) {
        ByteBuf payload = Unpooled.buffer();
        new SslRequest(capabilities, 0, collation).encode(payload);
        return payload;
    }
}
