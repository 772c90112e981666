package io.moha.proxy.backend;

import io.moha.proxy.routing.Backend;
import io.moha.proxy.tls.TlsToServers;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.UnknownHostException;
import java.time.Duration;

/** Opens server connections with Netty, on the event loop of the client. Thread-safe. */
public final class NettyBackendConnector implements BackendConnector {

    /** Seconds of silence after which the host is asked whether it is there. */
    private static final int KEEPALIVE_IDLE = 10;

    /** Seconds between questions that are not answered. */
    private static final int KEEPALIVE_INTERVAL = 3;

    private static final int KEEPALIVE_COUNT = 3;

    private final TlsToServers tls;
    private final Duration connectTimeout;
    private final Duration loginTimeout;

    /**
     * @param connectTimeout for the TCP connection alone
     * @param loginTimeout from the start of the attempt to its end
     */
    public NettyBackendConnector(TlsToServers tls, Duration connectTimeout, Duration loginTimeout) {
        this.tls = tls;
        this.connectTimeout = connectTimeout;
        this.loginTimeout = loginTimeout;
    }

    @Override
    public Attempt connect(
            EventLoop loop,
            Backend target,
            BackendLoginRequest request,
            BackendLoginListener listener) {
        BackendLogin login = new BackendLogin(target, request, tls, loginTimeout, listener);
        if (target.address().isUnresolved()) {
            // Netty would ask the name service, which blocks, on the event loop.
            loop.execute(() -> login.fail(new UnknownHostException(target.address().toString())));
            return login::abandon;
        }
        bootstrap(loop, login)
                .connect(target.address())
                .addListener(
                        connected -> {
                            if (!connected.isSuccess()) {
                                // Where no socket could be made, this is another thread.
                                loop.execute(() -> login.fail(connected.cause()));
                            }
                        });
        return login::abandon;
    }

    private Bootstrap bootstrap(EventLoop loop, BackendLogin login) {
        Bootstrap bootstrap = new Bootstrap();
        if (isEpoll(loop)) {
            // A host that is gone says nothing: without these a client waits two hours for it.
            bootstrap
                    .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE)
                    .option(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL)
                    .option(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_COUNT);
        }
        return bootstrap
                .group(loop)
                .channelFactory(channels(loop))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A server that refuses a long command says why and then closes: after a failed
                // write there may still be an error to read.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(login.newDecoder(), login);
                            }
                        });
    }

    private static ChannelFactory<Channel> channels(EventLoop loop) {
        return isEpoll(loop) ? EpollSocketChannel::new : NioSocketChannel::new;
    }

    private static boolean isEpoll(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    }
}
