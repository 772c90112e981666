package io.moha.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Hands what one channel reads to its peer channel, on the event loop both share. Writes are
 * collected and flushed once a read is complete; a peer that cannot take more stops the reading.
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter {

    private final Channel peer;
    private final HeaderWalker walker = new HeaderWalker();

    /** A handler that forwards to {@code peer}. */
    public RelayHandler(Channel peer) {
        this.peer = peer;
    }

    /** Takes ownership of {@code message} and passes it on to the peer. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        walker.walk(buffer);
        peer.write(buffer, peer.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        peer.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        peer.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        peer.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset by either side ends the pair, as it would end a direct connection.
        context.close();
        peer.close();
    }
}
