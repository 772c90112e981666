package io.moha.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandScannerTest {

    private final CommandScanner scanner = new CommandScanner();
    private final ByteBuf stream = Unpooled.buffer();

    @Test
    void commandsInOneBufferAreFoundOneByOne() {
        command(Command.QUERY, 20);
        command(Command.STMT_CLOSE, 4);
        command(Command.PING, 0);

        assertThat(scan(stream.writerIndex()))
                .containsExactly(Command.QUERY, Command.STMT_CLOSE, Command.PING);
        assertThat(scanner.isAtBoundary()).isTrue();
    }

    @Test
    void commandsAreFoundByteByByte() {
        command(Command.QUERY, 20);
        PacketWriter.write(stream, 0, out -> {});
        command(Command.PING, 0);

        assertThat(scan(1)).containsExactly(Command.QUERY, Command.SLEEP, Command.PING);
    }

    @Test
    void commandOfThreePacketsIsOne() {
        for (int i = 0; i < 2; i++) {
            PacketWriter.header(stream, PacketHeader.MAX_PAYLOAD, i);
            stream.writeByte(Command.QUERY.code()).writeZero(PacketHeader.MAX_PAYLOAD - 1);
        }
        PacketWriter.write(stream, 2, out -> {});
        command(Command.PING, 0);

        assertThat(scan(1_000_000)).containsExactly(Command.QUERY, Command.PING);
    }

    @Test
    void fileIsPassedUpToItsEmptyPacket() {
        scanner.expectFile();
        PacketWriter.write(stream, 2, out -> out.writeByte(Command.QUIT.code()));
        PacketWriter.header(stream, PacketHeader.MAX_PAYLOAD, 3);
        stream.writeZero(PacketHeader.MAX_PAYLOAD);
        PacketWriter.write(stream, 4, out -> {});
        PacketWriter.write(stream, 5, out -> out.writeByte(3));
        PacketWriter.write(stream, 6, out -> {});
        command(Command.PING, 0);

        assertThat(scan(700_000)).containsExactly(Command.PING);
        assertThat(scanner.isInFile()).isFalse();
    }

    private void command(Command command, int argumentBytes) {
        PacketWriter.write(
                stream, 0, out -> out.writeByte(command.code()).writeZero(argumentBytes));
    }

    /** Shows the stream in pieces of {@code size}, with what was not passed in front of each. */
    private List<Command> scan(int size) {
        List<Command> seen = new ArrayList<>();
        int from = 0;
        int shown = 0;
        while (shown < stream.writerIndex()) {
            shown = Math.min(shown + size, stream.writerIndex());
            ByteBuf piece = stream.slice(from, shown - from);
            scanner.moveTo(0);
            while (scanner.next(piece, piece.writerIndex())) {
                seen.add(scanner.command());
                scanner.pass(piece.writerIndex());
            }
            from += scanner.position();
        }
        assertThat(from).isEqualTo(stream.writerIndex());
        return seen;
    }
}
