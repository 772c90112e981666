package io.moha.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class HeaderWalkerTest {

    private static final byte[] THREE_PACKETS = {
        2, 0, 0, 0, 'a', 'b', 0, 0, 0, 1, 1, 0, 0, 2, 'c',
    };

    @Test
    void countsPacketsOfOneBuffer() {
        HeaderWalker walker = new HeaderWalker();

        walker.walk(Unpooled.wrappedBuffer(THREE_PACKETS));

        assertThat(walker.packets()).isEqualTo(3);
    }

    @Test
    void countsPacketsWhateverTheBuffersAreCutInto() {
        for (int cut = 1; cut < THREE_PACKETS.length; cut++) {
            HeaderWalker walker = new HeaderWalker();

            walker.walk(Unpooled.wrappedBuffer(THREE_PACKETS, 0, cut));
            walker.walk(Unpooled.wrappedBuffer(THREE_PACKETS, cut, THREE_PACKETS.length - cut));

            assertThat(walker.packets()).as("cut at %d", cut).isEqualTo(3);
        }
    }

    @Test
    void leavesTheBufferAsItIs() {
        ByteBuf buffer = Unpooled.wrappedBuffer(THREE_PACKETS);

        new HeaderWalker().walk(buffer);

        assertThat(buffer.readableBytes()).isEqualTo(THREE_PACKETS.length);
        assertThat(buffer.refCnt()).isEqualTo(1);
    }
}
