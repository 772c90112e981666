package io.moha.proxy.http;

import io.moha.proxy.metrics.ProxyMetrics;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;

/** Sets up each HTTP connection. All of them must be on one event loop. */
@Sharable
public final class HttpServer extends ChannelInitializer<Channel> {

    private static final int MAX_BODY = 1024;
    private static final int IDLE_SECONDS = 60;

    private final StatusSource status;
    private final MetricsPage metrics;

    /** Serves {@code status} and {@code metrics}. */
    public HttpServer(StatusSource status, ProxyMetrics metrics) {
        this.status = status;
        this.metrics = new MetricsPage(metrics);
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline()
                .addLast(
                        new ReadTimeoutHandler(IDLE_SECONDS),
                        new HttpServerCodec(),
                        new HttpObjectAggregator(MAX_BODY),
                        new HttpHandler(status, metrics));
    }
}
