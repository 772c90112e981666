package io.moha.proxy.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moha.protocol.cluster.RecordText;
import io.moha.proxy.routing.Route;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;

/** Answers GET and HEAD of the four pages; changes nothing. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final StatusSource status;
    private final MetricsPage metrics;

    private record Page(HttpResponseStatus code, String type, String body) {}

    HttpHandler(StatusSource status, MetricsPage metrics) {
        this.status = status;
        this.metrics = metrics;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        Page page =
                head || request.method().equals(HttpMethod.GET)
                        ? page(new QueryStringDecoder(request.uri()))
                        : text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        byte[] body = page.body().getBytes(UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        page.code(),
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private Page page(QueryStringDecoder target) {
        return switch (target.path()) {
            case "/liveness" -> text(HttpResponseStatus.OK, "alive\n");
            case "/ready" -> ready(target.parameters().getOrDefault("for", List.of("writes")));
            case "/status" -> status(HttpResponseStatus.OK);
            case "/metrics" -> new Page(HttpResponseStatus.OK, PROMETHEUS, metrics.text());
            default ->
                    text(
                            HttpResponseStatus.NOT_FOUND,
                            "there are /liveness, /ready, /status and /metrics\n");
        };
    }

    private Page ready(List<String> wanted) {
        return switch (wanted.getFirst()) {
            case "writes" -> ready(Route.PRIMARY);
            case "reads" -> ready(Route.REPLICA);
            default -> text(HttpResponseStatus.BAD_REQUEST, "for=writes or for=reads\n");
        };
    }

    private Page ready(Route route) {
        return status(
                status.ready(route)
                        ? HttpResponseStatus.OK
                        : HttpResponseStatus.SERVICE_UNAVAILABLE);
    }

    private Page status(HttpResponseStatus code) {
        return new Page(code, JSON, new String(RecordText.encode(status.status()), UTF_8));
    }

    private static Page text(HttpResponseStatus code, String text) {
        return new Page(code, TEXT, text);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
