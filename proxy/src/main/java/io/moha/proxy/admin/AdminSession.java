package io.moha.proxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.flags.Command;
import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.packet.Octets;
import io.moha.protocol.wire.PacketSequence;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one operator's commands, one after the other. Gets one packet's payload at a time. */
final class AdminSession extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminSession.class);

    private final AdminCommands commands;
    private final AdminCommands.Asker asker;
    private final PacketSequence sequence;
    private final ResultWriter writer;

    /**
     * @param sequence shared with the decoder before this handler; 0 when a command begins
     */
    AdminSession(
            AdminCommands commands,
            AdminCommands.Asker asker,
            PacketSequence sequence,
            ResultWriter writer) {
        this.commands = commands;
        this.asker = asker;
        this.sequence = sequence;
        this.writer = writer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
        if (!payload.isReadable()) {
            reply(context, failed(ErrorCode.UNKNOWN_COMMAND));
            return;
        }
        Command command = Command.of(payload.readByte());
        switch (command) {
            case QUIT -> context.close();
            case QUERY -> query(context, payload.toString(UTF_8));
            case PING, INIT_DB, RESET_CONNECTION -> reply(context, new AdminReply.Done(""));
            case SET_OPTION, DEBUG, FIELD_LIST -> answer(context, writer::end);
            case STATISTICS -> answer(context, out -> writer.text(out, "moha admin"));
            case STMT_CLOSE -> sequence.reset();
            case STMT_PREPARE -> reply(context, new AdminReply.Failed(notPrepared()));
            default -> reply(context, failed(ErrorCode.UNKNOWN_COMMAND));
        }
    }

    private void query(ChannelHandlerContext context, String sql) {
        CompletableFuture<AdminReply> reply = commands.execute(sql, asker);
        if (reply.isDone()) {
            reply(context, reply.join());
            return;
        }
        // Nothing more is read until this one is answered, so replies stay in order.
        context.channel().config().setAutoRead(false);
        reply.whenCompleteAsync(
                (done, _) -> {
                    reply(context, done);
                    context.channel().config().setAutoRead(true);
                },
                context.executor());
    }

    private void reply(ChannelHandlerContext context, AdminReply reply) {
        answer(context, out -> writer.write(out, reply));
    }

    private void answer(ChannelHandlerContext context, Consumer<ByteBuf> content) {
        ByteBuf out = context.alloc().ioBuffer();
        try {
            content.accept(out);
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
        sequence.reset();
        context.writeAndFlush(out, context.voidPromise());
    }

    private static AdminReply failed(ErrorCode code) {
        return new AdminReply.Failed(ErrPacket.of(code));
    }

    /** Connector/J takes this number as the sign to prepare on its own side. */
    private static ErrPacket notPrepared() {
        return new ErrPacket(
                1295,
                "HY000",
                Octets.of(
                        "This command is not supported in the prepared statement protocol yet",
                        UTF_8));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOGGER.atDebug()
                .addKeyValue("client", context.channel().remoteAddress())
                .setCause(cause)
                .log("an admin connection failed");
        context.close();
    }
}
