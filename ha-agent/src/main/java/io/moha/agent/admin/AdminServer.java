package io.moha.agent.admin;

import io.moha.agent.config.HttpConfig;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's HTTP port. One thread serves it all; commands get a thread of their own each. */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminServer.class);
    private static final int MAX_REQUEST_BYTES = 64 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final long STOP_MILLIS = 1_000;

    private final EventLoopGroup group;
    private final Channel listener;

    private AdminServer(EventLoopGroup group, Channel listener) {
        this.group = group;
        this.listener = listener;
    }

    /**
     * Listens as {@code config} says.
     *
     * @param view the loop's last picture; called for each request
     * @param bootMillis the boot clock, {@link io.moha.agent.guard.Guard#bootMillis}
     * @param commands what changing requests are handed to
     * @param metrics what {@code /metrics} shows
     * @throws IOException when the port is taken, or the certificate cannot be used
     */
    public static AdminServer start(
            HttpConfig config,
            Supplier<AgentView> view,
            LongSupplier bootMillis,
            AgentCommands commands,
            AgentMetrics metrics)
            throws IOException {
        HttpRoutes routes =
                new HttpRoutes(view, bootMillis, commands, metrics::scrape, config.token());
        SslContext tls = tls(config.tls());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        // A pool would cost more memory than these few requests ever need.
                        .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                        .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                        .childHandler(new Pipeline(routes, tls))
                        .bind(config.listen().resolved())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS);
            throw new IOException("cannot listen on " + config.listen(), bound.cause());
        }
        LOGGER.atInfo().addKeyValue("address", bound.channel().localAddress()).log("HTTP serves");
        return new AdminServer(group, bound.channel());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly(STOP_MILLIS);
        group.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * STOP_MILLIS);
    }

    private static @Nullable SslContext tls(HttpConfig.@Nullable Tls tls) throws SSLException {
        if (tls == null) {
            return null;
        }
        try {
            return SslContextBuilder.forServer(tls.cert().toFile(), tls.key().toFile()).build();
        } catch (IllegalArgumentException unusable) {
            throw new SSLException("cannot use http.tls: " + unusable.getMessage(), unusable);
        }
    }

    /** What each connection goes through. */
    private static final class Pipeline extends ChannelInitializer<Channel> {

        private final HttpRoutes routes;
        private final @Nullable SslContext tls;

        private Pipeline(HttpRoutes routes, @Nullable SslContext tls) {
            this.routes = routes;
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            if (tls != null) {
                pipeline.addLast("tls", tls.newHandler(channel.alloc()));
            }
            pipeline.addLast("idle", new ReadTimeoutHandler(IDLE_SECONDS));
            pipeline.addLast("http", new HttpServerCodec());
            pipeline.addLast("whole", new HttpObjectAggregator(MAX_REQUEST_BYTES));
            pipeline.addLast("routes", new HttpHandler(routes));
        }
    }
}
