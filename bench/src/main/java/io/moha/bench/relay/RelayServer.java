package io.moha.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;

/** Accepts clients and joins each to a connection of its own to the target, on one event loop. */
final class RelayServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final RelaySettings settings;
    private final ByteBufAllocator allocator;
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    /** A relay that does nothing until {@link #start}. */
    RelayServer(RelaySettings settings) {
        this.settings = settings;
        this.allocator = settings.allocator().create();
    }

    /** Binds; returns once clients are accepted, with the listening channel. */
    Channel start() {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOCATOR, allocator)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                settings.receiveBuffer().create(settings.maxReads()))
                        .childHandler(new ClientInitializer());
        return bootstrap.bind(settings.listen()).syncUninterruptibly().channel();
    }

    /** Closes every connection and ends the event loop. */
    @Override
    public void close() {
        loops.shutdownGracefully();
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(settings.highWaterMark() / 2, settings.highWaterMark());
    }

    private ChannelFuture connect(Channel client) {
        return new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        settings.receiveBuffer().create(settings.maxReads()))
                .handler(new RelayHandler(client))
                .connect(settings.target());
    }

    private final class ClientInitializer extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel client) {
            client.pipeline().addLast(new Connecting());
        }
    }

    /** Stands in the client's pipeline until the server is reached. */
    private final class Connecting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            Channel client = context.channel();
            ChannelFuture connected = connect(client);
            connected.addListener(
                    done -> {
                        if (done.isSuccess() && client.isActive()) {
                            Channel server = connected.channel();
                            client.pipeline().replace(this, "relay", new RelayHandler(server));
                            client.config().setAutoRead(true);
                        } else {
                            connected.channel().close();
                            client.close();
                        }
                    });
        }
    }
}
