package io.moha.proxy;

import io.moha.protocol.flags.ErrorCode;
import io.moha.protocol.packet.ErrPacket;
import io.moha.protocol.wire.PacketWriter;
import io.moha.proxy.metrics.ProxyMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets clients in up to a number, over all listeners; the others get error 1040 instead of a
 * greeting, as from a server. Thread-safe.
 */
final class ClientDoor {

    private final int most;
    private final ProxyMetrics metrics;
    private final AtomicInteger inside = new AtomicInteger();

    ClientDoor(int most, ProxyMetrics metrics) {
        this.most = most;
        this.metrics = metrics;
    }

    /** Sets up each accepted client with {@code inner}, if it may come in. */
    ChannelHandler before(ChannelHandler inner) {
        return new Admission(inner);
    }

    /** Clients that are connected, logged in or not. */
    int inside() {
        return inside.get();
    }

    @Sharable
    private final class Admission extends ChannelInitializer<Channel> {

        private final ChannelHandler inner;

        private Admission(ChannelHandler inner) {
            this.inner = inner;
        }

        @Override
        protected void initChannel(Channel channel) {
            metrics.countConnection();
            int number = inside.incrementAndGet();
            channel.closeFuture().addListener(_ -> inside.decrementAndGet());
            channel.pipeline().addLast(number <= most ? inner : new Refusal());
        }
    }

    /** Says 1040 and closes. */
    private final class Refusal extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            metrics.countClientError(ErrorCode.CONNECTION_COUNT.number());
            // Nothing was agreed on yet, so there is no SQLSTATE either.
            ErrPacket error = ErrPacket.of(ErrorCode.CONNECTION_COUNT).withoutSqlState();
            ByteBuf out = context.alloc().ioBuffer();
            PacketWriter.write(out, 0, error::encode);
            context.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
