package io.moha.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class PacketWriterTest {

    private final ByteBuf out = Unpooled.buffer();

    @Test
    void headerHoldsLengthAndSequence() {
        PacketWriter.write(out, 257, payload -> payload.writeZero(300));

        assertThat(PacketHeader.payloadLength(out, 0)).isEqualTo(300);
        assertThat(PacketHeader.sequence(out, 0)).isEqualTo(1);
        out.release();
    }

    @Test
    void payloadEndingOnFullPacketIsClosedByAnEmptyOne() {
        ByteBuf payload = Unpooled.buffer().writeZero(PacketHeader.MAX_PAYLOAD);

        int packets = PacketWriter.writeSplit(out, 255, payload);

        assertThat(packets).isEqualTo(2);
        int second = PacketHeader.SIZE + PacketHeader.MAX_PAYLOAD;
        assertThat(PacketHeader.payloadLength(out, second)).isZero();
        assertThat(PacketHeader.sequence(out, second)).isZero();
        payload.release();
        out.release();
    }

    @Test
    void payloadOfTwoPacketsIsRefusedAndLeavesNothing() {
        assertThatThrownBy(
                        () ->
                                PacketWriter.write(
                                        out, 0, p -> p.writeZero(PacketHeader.MAX_PAYLOAD)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(out.isReadable()).isFalse();
        out.release();
    }
}
