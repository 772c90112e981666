package io.moha.proxy.session;

import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** Turns callbacks of a server's channel into session events. Holds no session state. */
final class BackendHandler extends ChannelInboundHandlerAdapter {

    private final SessionMachine session;
    private final ServerLink link;

    BackendHandler(SessionMachine session, ServerLink link) {
        this.session = session;
        this.link = link;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.onServerBytes(link, (ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.onServerReadComplete(link);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        session.onWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.onServerLost(link);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case MalformedPacketException e -> session.onFailure(CloseCause.SERVER_MALFORMED, e);
            case IOException _, NotYetConnectedException _ -> link.onBroken();
            default -> session.onFailure(CloseCause.INTERNAL, cause);
        }
    }
}
