package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendLoginListener;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * Finds out whether a server that owes a response is there at all: whoever can still be logged in
 * to, or says why not, is.
 *
 * @param result told, on the session's loop, whether it is
 */
record ServerProbe(Consumer<Boolean> result) implements BackendLoginListener {

    @Override
    public void onReady(BackendConnection connection) {
        ByteBuf quit = connection.channel().alloc().buffer();
        PacketWriter.write(quit, 0, out -> out.writeByte(Command.QUIT.code()));
        Closing.after(connection.channel().writeAndFlush(quit));
        result.accept(true);
    }

    @Override
    public void onRefused(ErrPacket error) {
        result.accept(true);
    }

    @Override
    public void onUnreachable(Throwable cause) {
        result.accept(false);
    }
}
