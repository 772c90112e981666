package io.moha.proxy.statement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.wire.LengthEncoded;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class QueryTextTest {

    private final ByteBuf command = Unpooled.buffer().writeByte(3);

    @Test
    void textFollowsTheCommandByteWhereThereAreNoAttributes() {
        assertThat(textWith(0)).isEqualTo("SELECT 1");
    }

    @Test
    void emptyListOfAttributesIsSkipped() {
        command.writeByte(0).writeByte(1);

        assertThat(textWith(Capability.QUERY_ATTRIBUTES)).isEqualTo("SELECT 1");
    }

    @Test
    void attributesOfEveryKindAreSkipped() {
        command.writeByte(3).writeByte(1).writeByte(0b010).writeByte(1);
        attribute(0xFD, "trace");
        attribute(3, "nothing");
        attribute(8, "number");
        LengthEncoded.writeString(command, "abc", UTF_8);
        command.writeLongLE(5);

        assertThat(textWith(Capability.QUERY_ATTRIBUTES)).isEqualTo("SELECT 1");
    }

    @Test
    void attributesThatRunOverTheEndLeaveNoText() {
        command.writeByte(9).writeByte(1).writeByte(0);
        int end = command.writerIndex();

        assertThat(QueryText.start(command, 0, end, Capability.QUERY_ATTRIBUTES)).isEqualTo(end);
    }

    private void attribute(int type, String name) {
        command.writeByte(type).writeByte(0);
        LengthEncoded.writeString(command, name, UTF_8);
    }

    private String textWith(int capabilities) {
        command.writeCharSequence("SELECT 1", UTF_8);
        int start = QueryText.start(command, 0, command.writerIndex(), capabilities);
        return command.toString(start, command.writerIndex() - start, UTF_8);
    }
}
