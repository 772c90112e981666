package io.moha.proxy.frontend;

import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.tls.TlsToServers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;

/**
 * Takes the packets of one channel out of a running session's hands for as long as an exchange
 * lasts. Everything but packets goes on to the session's handlers.
 */
final class ExchangeHandler extends ChannelInboundHandlerAdapter {

    private final Consumer<ByteBuf> packets;
    private final Consumer<Throwable> errors;
    private final Runnable closed;
    private final PacketFrameDecoder decoder;
    private final LoginLink link;

    /**
     * @param sequence the numbers of the exchange
     * @param packets gets each payload; its ownership stays here
     * @param errors gets what is wrong with the peer's packets, or went wrong with them
     * @param closed told that the channel is closed, before the session is
     */
    ExchangeHandler(
            Channel channel,
            PacketSequence sequence,
            Consumer<ByteBuf> packets,
            Consumer<Throwable> errors,
            Runnable closed) {
        this.packets = packets;
        this.errors = errors;
        this.closed = closed;
        this.decoder = FrontendInitializer.newDecoder(sequence);
        this.link = new LoginLink(channel, sequence);
    }

    /** Sends the packets of the exchange. */
    LoginLink link() {
        return link;
    }

    /** Goes in front of the session's handlers, behind TLS if there is any. */
    void insert() {
        ChannelPipeline pipeline = link.channel().pipeline();
        ChannelHandler tls = pipeline.get(TlsToServers.HANDLER_NAME);
        if (tls == null) {
            pipeline.addFirst(decoder, this);
        } else {
            pipeline.addAfter(TlsToServers.HANDLER_NAME, null, this);
            pipeline.addAfter(TlsToServers.HANDLER_NAME, null, decoder);
        }
        link.channel().config().setAutoRead(true);
    }

    /** Leaves; bytes that came early go on to the session's handlers. */
    void remove() {
        ChannelPipeline pipeline = link.channel().pipeline();
        if (pipeline.context(this) != null) {
            pipeline.remove(this);
            pipeline.remove(decoder);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf payload = (ByteBuf) message;
        try {
            packets.accept(payload);
        } finally {
            payload.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed.run();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        errors.accept(cause);
    }
}
