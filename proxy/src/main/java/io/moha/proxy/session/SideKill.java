package io.moha.proxy.session;

import io.moha.protocol.flags.Command;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.backend.BackendConnection;
import io.moha.proxy.backend.BackendLoginListener;
import io.moha.proxy.move.RestorePlan;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a statement on a server to which whoever wants that has no connection: logs in there as the
 * statement's own user for nothing but a KILL.
 */
final class SideKill implements BackendLoginListener {

    private static final Logger LOGGER = LoggerFactory.getLogger(SideKill.class);

    private final long session;
    private final Extent extent;
    private final long serverConnectionId;
    private final BooleanSupplier there;
    private final Runnable otherwise;

    /**
     * @param session whose statement it is, for the log
     * @param serverConnectionId the server's number of the connection that runs it
     * @param there whether the session still is on that connection
     * @param otherwise done, on the session's loop, when the server cannot be told, or the session
     *     has left it meanwhile
     */
    SideKill(
            long session,
            Extent extent,
            long serverConnectionId,
            BooleanSupplier there,
            Runnable otherwise) {
        this.session = session;
        this.extent = extent;
        this.serverConnectionId = serverConnectionId;
        this.there = there;
        this.otherwise = otherwise;
    }

    /** How much is to end. */
    enum Extent {
        /** What runs. */
        STATEMENT("KILL QUERY "),
        /** All. */
        CONNECTION("KILL CONNECTION ");

        private final String sql;

        Extent(String sql) {
            this.sql = sql;
        }
    }

    @Override
    public void onReady(BackendConnection connection) {
        String sql = extent.sql + serverConnectionId;
        byte[] query = RestorePlan.queryArgument(sql, connection.capabilities());
        ByteBuf packets = connection.channel().alloc().buffer();
        if (there.getAsBoolean()) {
            PacketWriter.write(
                    packets, 0, out -> out.writeByte(Command.QUERY.code()).writeBytes(query));
        } else {
            otherwise.run();
        }
        PacketWriter.write(packets, 0, out -> out.writeByte(Command.QUIT.code()));
        connection.channel().pipeline().addLast(new Reader());
        connection.channel().writeAndFlush(packets, connection.channel().voidPromise());
        // The server closes when it has read the second packet.
        Closing.closeLater(connection.channel());
    }

    @Override
    public void onRefused(ErrPacket error) {
        fail(error.toString());
    }

    @Override
    public void onUnreachable(Throwable cause) {
        fail(cause.toString());
    }

    private void fail(String why) {
        LOGGER.atWarn()
                .addKeyValue("session", session)
                .addKeyValue("reason", why)
                .log("could not reach the server of a session that is to be interrupted");
        otherwise.run();
    }

    /** What the server answers is of no interest. */
    private static final class Reader extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf answer) {}

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
