package io.moha.proxy.session;

import io.moha.protocol.wire.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/** Turns callbacks of the client's channel into session events. Holds no session state. */
final class FrontendHandler extends ChannelInboundHandlerAdapter {

    private final SessionMachine session;

    FrontendHandler(SessionMachine session) {
        this.session = session;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.onClientBytes((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.onClientReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        session.onWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.close(CloseCause.CLIENT_GONE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case MalformedPacketException e -> session.onFailure(CloseCause.CLIENT_MALFORMED, e);
            case IOException e -> session.onFailure(CloseCause.CLIENT_GONE, e);
            default -> session.onFailure(CloseCause.INTERNAL, cause);
        }
    }
}
