package io.moha.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketFrameDecoderTest {

    private final PacketSequence sequence = new PacketSequence();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new PacketFrameDecoder(100, sequence));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void packetsAreCutWhereverTheReadsEnd() {
        ByteBuf bytes = Unpooled.buffer();
        PacketWriter.write(bytes, 0, out -> out.writeBytes(new byte[] {1, 2, 3}));
        PacketWriter.write(bytes, 1, out -> {});
        PacketWriter.write(bytes, 2, out -> out.writeByte(9));

        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readRetainedSlice(1));
        }
        bytes.release();

        assertThat(payloadLength()).isEqualTo(3);
        assertThat(payloadLength()).isEqualTo(0);
        assertThat(payloadLength()).isEqualTo(1);
        assertThat(sequence.peek()).isEqualTo(3);
    }

    @Test
    void packetOutOfOrderIsRefused() {
        ByteBuf bytes = Unpooled.buffer();
        PacketWriter.write(bytes, 1, out -> out.writeByte(9));

        assertThatThrownBy(() -> channel.writeInbound(bytes))
                .isInstanceOf(PacketsOutOfOrderException.class);
    }

    @Test
    void oversizedPacketIsRefusedAtItsHeader() {
        ByteBuf bytes = Unpooled.buffer();
        PacketWriter.header(bytes, 101, 0);

        assertThatThrownBy(() -> channel.writeInbound(bytes))
                .isInstanceOf(PacketTooLargeException.class);
    }

    @Test
    void bytesLeftOverGoToTheNextHandler() {
        ByteBuf bytes = Unpooled.buffer();
        PacketWriter.write(bytes, 0, out -> out.writeByte(9));
        bytes.writeByte(42);
        channel.writeInbound(bytes);

        channel.pipeline().remove(PacketFrameDecoder.class);

        assertThat(payloadLength()).isEqualTo(1);
        assertThat(payloadLength()).isEqualTo(1);
    }

    private int payloadLength() {
        ByteBuf payload = channel.readInbound();
        try {
            return payload.readableBytes();
        } finally {
            payload.release();
        }
    }
}
