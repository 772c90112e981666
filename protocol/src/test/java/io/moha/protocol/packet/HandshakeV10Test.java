package io.moha.protocol.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.ServerStatus;
import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeV10Test {

    @Test
    void greetingOfAServerIsRead() {
        HandshakeV10 greeting = HandshakeV10.decode(Captured.payload(Captured.GREETING_97));

        assertThat(greeting.serverVersion()).isEqualTo("9.7.4-2");
        assertThat(greeting.connectionId()).isEqualTo(0x8db9);
        assertThat(greeting.nonce().length()).isEqualTo(20);
        assertThat(greeting.capabilities()).isEqualTo(~Capability.CAPABILITY_EXTENSION);
        assertThat(greeting.collation()).isEqualTo(255);
        assertThat(greeting.status()).isEqualTo(ServerStatus.AUTOCOMMIT);
        assertThat(greeting.authPlugin()).isEqualTo("caching_sha2_password");
    }

    @ParameterizedTest
    @ValueSource(strings = {Captured.GREETING_97, Captured.GREETING_80})
    void greetingIsWrittenAsAServerWritesIt(String captured) {
        ByteBuf out = Unpooled.buffer();

        HandshakeV10.decode(Captured.payload(captured)).encode(out);

        assertThat(Captured.hex(out)).isEqualTo(captured);
    }

    @Test
    void connectionIdUsesAllThirtyTwoBits() {
        HandshakeV10 greeting = HandshakeV10.decode(Captured.payload(Captured.GREETING_97));
        ByteBuf out = Unpooled.buffer();

        new HandshakeV10(
                        greeting.serverVersion(),
                        0x80000001L,
                        greeting.nonce(),
                        greeting.capabilities(),
                        greeting.collation(),
                        greeting.status(),
                        greeting.authPlugin())
                .encode(out);

        assertThat(HandshakeV10.decode(out).connectionId()).isEqualTo(0x80000001L);
        out.release();
    }

    @Test
    void everyTruncationIsMalformed() {
        // What comes behind the nonce may be cut: old servers had no plugin name.
        int shortest = Captured.GREETING_97.length() / 2 - "caching_sha2_password".length() - 2;
        for (int length = 0; length < shortest; length++) {
            String cut = Captured.GREETING_97.substring(0, 2 * length);
            assertThatThrownBy(() -> HandshakeV10.decode(Captured.payload(cut)))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedPacketException.class);
        }
    }
}
