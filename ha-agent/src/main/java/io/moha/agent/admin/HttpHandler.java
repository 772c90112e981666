package io.moha.agent.admin;

import io.netty.buffer.ByteBufUtil;
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
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns HTTP requests of one connection into questions to {@link HttpRoutes}. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOGGER = LoggerFactory.getLogger(HttpHandler.class);

    private final HttpRoutes routes;

    HttpHandler(HttpRoutes routes) {
        this.routes = routes;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        if (!message.decoderResult().isSuccess()) {
            respond(context, HttpAnswer.message(400, "not an HTTP request"), false, false);
            return;
        }
        HttpRoutes.Request request;
        try {
            request = request(message);
        } catch (IllegalArgumentException malformed) {
            respond(context, HttpAnswer.message(400, "malformed URL"), false, false);
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(message);
        boolean head = message.method().equals(HttpMethod.HEAD);
        if (HttpRoutes.mayBlock(request)) {
            // One at a time: the next request of this connection waits for this answer.
            context.channel().config().setAutoRead(false);
            Thread.ofVirtual()
                    .name("agent-command")
                    .start(
                            () -> {
                                HttpAnswer answer = answer(request);
                                context.executor()
                                        .execute(
                                                () -> {
                                                    respond(context, answer, keepAlive, head);
                                                    context.channel().config().setAutoRead(true);
                                                });
                            });
        } else {
            respond(context, answer(request), keepAlive, head);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOGGER.atDebug().setCause(cause).log("HTTP connection closed");
        context.close();
    }

    private HttpAnswer answer(HttpRoutes.Request request) {
        try {
            return routes.answer(request);
        } catch (RuntimeException failure) {
            LOGGER.atError()
                    .addKeyValue("path", request.path())
                    .setCause(failure)
                    .log("not answered");
            return HttpAnswer.message(500, "the agent failed: " + failure.getMessage());
        }
    }

    private static HttpRoutes.Request request(FullHttpRequest message) {
        QueryStringDecoder url = new QueryStringDecoder(message.uri());
        Map<String, String> query = new HashMap<>();
        url.parameters().forEach((name, values) -> query.put(name, values.getLast()));
        String authorization = message.headers().get(HttpHeaderNames.AUTHORIZATION);
        return new HttpRoutes.Request(
                message.method().name(),
                url.path(),
                query,
                authorization == null ? "" : authorization,
                ByteBufUtil.getBytes(message.content()));
    }

    private static void respond(
            ChannelHandlerContext context, HttpAnswer answer, boolean keepAlive, boolean head) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
