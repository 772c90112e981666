package io.moha.proxy;

import io.moha.protocol.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sockets that accept. Bound by one thread, closed by any. */
final class Listeners {

    private static final int BACKLOG = 4096;

    private final Transport transport;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();

    Listeners(Transport transport) {
        this.transport = transport;
    }

    /**
     * Binds {@code address} and sets up each connection with {@code handler}, on one of {@code
     * loops}. Waits until it is bound.
     *
     * @return where it is bound, the port chosen if 0 was asked for
     * @throws IOException when it cannot be bound, with the name of the listener
     */
    HostPort bind(String name, HostPort address, EventLoopGroup loops, ChannelHandler handler)
            throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(transport.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(handler)
                        .bind(address.resolved())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on "
                            + address
                            + " ("
                            + name
                            + "): "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        channels.add(bound.channel());
        InetSocketAddress local = (InetSocketAddress) bound.channel().localAddress();
        return new HostPort(address.host(), local.getPort());
    }

    /** Stops accepting soon, without waiting for it; connections stay. From any thread. */
    void closeLater() {
        channels.forEach(Channel::close);
    }

    /** Stops accepting; connections stay. */
    void close() {
        for (Channel channel : channels) {
            channel.close().awaitUninterruptibly();
        }
        channels.clear();
    }
}
