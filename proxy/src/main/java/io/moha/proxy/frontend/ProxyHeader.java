package io.moha.proxy.frontend;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the PROXY protocol header of a load balancer, notes the client's address, and only then
 * lets the login begin. Removes itself.
 */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {

    private final LoginObserver observer;
    private final Duration timeLimit;
    private final Runnable login;
    private @Nullable ScheduledFuture<?> timeout;

    /**
     * @param login adds the handlers of the login behind this one
     */
    ProxyHeader(LoginObserver observer, Duration timeLimit, Runnable login) {
        this.observer = observer;
        this.timeLimit = timeLimit;
        this.login = login;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timeout =
                context.executor()
                        .schedule(
                                () -> refuse(context, LoginFailure.TIMEOUT),
                                timeLimit.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
        // A load balancer that connects on its own behalf, as for a check, names nobody; one that
        // serves a local socket names a file.
        String source = header.sourceAddress();
        InetAddress client =
                source == null ? null : NetUtil.createInetAddressFromIpAddressString(source);
        if (client != null) {
            context.channel()
                    .attr(ClientAddress.PROXIED)
                    .set(new InetSocketAddress(client, header.sourcePort()));
        }
        login.run();
        context.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        refuse(context, LoginFailure.PROBE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refuse(context, LoginFailure.MALFORMED);
    }

    private void refuse(ChannelHandlerContext context, LoginFailure failure) {
        if (!context.isRemoved()) {
            observer.onFailure(failure);
            context.pipeline().remove(this);
            context.close();
        }
    }
}
