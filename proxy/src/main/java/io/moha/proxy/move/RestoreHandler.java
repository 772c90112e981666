package io.moha.proxy.move;

import io.moha.protocol.flags.Command;
import io.moha.protocol.response.ResponseEvent;
import io.moha.protocol.response.ResponseTracker;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.backend.BackendConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends all steps of a plan in one burst and reads the answers; a phase of the server connection
 * that removes itself when it is over. Servers answer pipelined commands in order.
 */
final class RestoreHandler extends ByteToMessageDecoder {

    private final BackendConnection connection;
    private final List<RestoreStep> steps;
    private final MoveListener listener;
    private final ResponseTracker tracker;
    private final Map<Long, Long> serverIds = new HashMap<>();
    private int current;
    private boolean over;

    /** Whether the schema that the last INIT_DB named is not there. */
    private boolean elsewhere;

    RestoreHandler(BackendConnection connection, List<RestoreStep> steps, MoveListener listener) {
        this.connection = connection;
        this.steps = steps;
        this.listener = listener;
        tracker = new ResponseTracker(connection.capabilities());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ByteBuf burst = context.alloc().buffer();
        for (RestoreStep step : steps) {
            ByteBuf payload = Unpooled.buffer();
            step.writeTo(payload);
            PacketWriter.writeSplit(burst, 0, payload);
        }
        begin(steps.getFirst());
        context.writeAndFlush(burst, context.voidPromise());
    }

    private void begin(RestoreStep step) {
        tracker.begin(step.command());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        ResponseEvent event = tracker.accept(in, in.readerIndex());
        in.readerIndex(tracker.position());
        if (event == ResponseEvent.PREPARED) {
            onPrepared(steps.get(current));
        }
        boolean failed = event == ResponseEvent.ERR;
        if (tracker.isComplete() && steps.get(current).command() == Command.INIT_DB) {
            elsewhere = failed;
        }
        if (failed && steps.get(current).required()) {
            over = true;
            context.close();
            listener.onNotRestored(tracker.errorNumber());
        } else if (tracker.isComplete()) {
            next(context);
        }
    }

    private void onPrepared(RestoreStep step) {
        PreparedText statement = step.statement();
        // A statement that now takes other parameters is not the one the client prepared, nor is
        // one whose schema is gone and that was prepared in another.
        if (statement != null && !elsewhere && tracker.parameters() == statement.parameters()) {
            serverIds.put(statement.clientId(), tracker.statementId());
        }
    }

    private void next(ChannelHandlerContext context) {
        current++;
        if (current < steps.size()) {
            begin(steps.get(current));
            return;
        }
        over = true;
        context.pipeline().remove(this);
        listener.onMoved(new MovedSession(connection, Map.copyOf(serverIds), tracker.status()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        fail(new IOException("the server left while a session was restored"));
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
        context.close();
    }

    private void fail(Throwable cause) {
        if (!over) {
            over = true;
            listener.onUnreachable(cause);
        }
    }
}
