package io.moha.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LengthEncodedTest {

    @Property
    boolean integerIsReadAsWritten(@ForAll long value) {
        ByteBuf buffer = Unpooled.buffer();
        try {
            LengthEncoded.writeInteger(buffer, value);
            int size = LengthEncoded.size(buffer.getUnsignedByte(0));
            return size == buffer.readableBytes()
                    && LengthEncoded.readInteger(buffer) == value
                    && !buffer.isReadable();
        } finally {
            buffer.release();
        }
    }

    @Example
    void integerTakesTheShortestForm() {
        assertThat(sizeOf(250)).isEqualTo(1);
        assertThat(sizeOf(251)).isEqualTo(3);
        assertThat(sizeOf(0xFFFF)).isEqualTo(3);
        assertThat(sizeOf(0x10000)).isEqualTo(4);
        assertThat(sizeOf(0xFFFFFF)).isEqualTo(4);
        assertThat(sizeOf(0x1000000)).isEqualTo(9);
    }

    @Example
    void stringLongerThanTheBufferIsRefused() {
        ByteBuf buffer = Unpooled.wrappedBuffer(new byte[] {5, 'a', 'b'});

        assertThatThrownBy(() -> LengthEncoded.readBytes(buffer))
                .isInstanceOf(MalformedPacketException.class);
    }

    private static int sizeOf(long value) {
        ByteBuf buffer = Unpooled.buffer();
        LengthEncoded.writeInteger(buffer, value);
        int size = buffer.readableBytes();
        buffer.release();
        return size;
    }
}
