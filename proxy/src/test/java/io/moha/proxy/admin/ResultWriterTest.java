package io.moha.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.PacketHeader;
import io.moha.protocol.wire.PacketSequence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultWriterTest {

    private static final ResultTable TABLE = ResultTable.of("a", "b").row("x", null).row(1, 22);

    private static List<Integer> firstBytes(int capabilities, AdminReply reply) {
        ByteBuf out = Unpooled.buffer();
        new ResultWriter(afterCommand(), capabilities).write(out, reply);
        List<Integer> first = new ArrayList<>();
        int sequence = 1;
        while (out.isReadable()) {
            int length = PacketHeader.payloadLength(out, out.readerIndex());
            assertThat(PacketHeader.sequence(out, out.readerIndex())).isEqualTo(sequence++);
            out.skipBytes(PacketHeader.SIZE);
            first.add((int) out.getUnsignedByte(out.readerIndex()));
            out.skipBytes(length);
        }
        return first;
    }

    private static PacketSequence afterCommand() {
        PacketSequence sequence = new PacketSequence();
        sequence.take();
        return sequence;
    }

    @Test
    void aResultSetEndsInOkWhereEofIsDeprecated() {
        assertThat(firstBytes(Capability.DEPRECATE_EOF, new AdminReply.Rows(TABLE)))
                .containsExactly(2, 3, 3, 1, 1, 0xFE);
    }

    @Test
    void olderClientsGetAnEofBehindTheColumnsAndTheRows() {
        assertThat(firstBytes(0, new AdminReply.Rows(TABLE)))
                .containsExactly(2, 3, 3, 0xFE, 1, 1, 0xFE);
    }

    @Test
    void successAndFailureAreOnePacketEach() {
        assertThat(firstBytes(0, new AdminReply.Done("draining"))).containsExactly(0);
        assertThat(firstBytes(0, AdminReply.refused("no"))).containsExactly(0xFF);
    }
}
