package io.moha.proxy.frontend;

import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.moha.proxy.routing.Route;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

/** Sets up the pipeline of a client that has just connected. One for each listener. */
@Sharable
public final class FrontendInitializer extends ChannelInitializer<Channel> {

    // 64 KiB of connection attributes are allowed, and some names come with them.
    private static final int MAX_LOGIN_PAYLOAD = 0x1_1000;

    private final LoginServices services;
    private final Route route;
    private final ProxyNetworks proxies;

    /** For clients that connect directly. */
    public FrontendInitializer(LoginServices services, Route route) {
        this(services, route, ProxyNetworks.NONE);
    }

    /**
     * @param route where the listener's sessions go
     * @param proxies from where a PROXY protocol header is awaited before the login
     */
    public FrontendInitializer(LoginServices services, Route route, ProxyNetworks proxies) {
        this.services = services;
        this.route = route;
        this.proxies = proxies;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (proxies.contain(channel)) {
            channel.pipeline()
                    .addLast(
                            new HAProxyMessageDecoder(),
                            new ProxyHeader(
                                    services.observer(),
                                    services.limits().login(),
                                    () -> addLogin(channel)));
        } else {
            addLogin(channel);
        }
    }

    private void addLogin(Channel channel) {
        PacketSequence sequence = new PacketSequence();
        PacketFrameDecoder decoder = newDecoder(sequence);
        channel.pipeline()
                .addLast(decoder, new FrontendLogin(services, route, channel, decoder, sequence));
    }

    /** Cuts a client's bytes into the packets of a login. */
    static PacketFrameDecoder newDecoder(PacketSequence sequence) {
        return new PacketFrameDecoder(MAX_LOGIN_PAYLOAD, sequence);
    }
}
