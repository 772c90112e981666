package io.moha.proxy.frontend;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLSession;

/** Where a client is, and how a server is told, which itself only sees the proxy's address. */
final class ClientAddress {

    /** Set by whoever reads a PROXY protocol header. */
    static final AttributeKey<SocketAddress> PROXIED =
            AttributeKey.valueOf(ClientAddress.class, "proxied");

    private ClientAddress() {}

    /** The client's address, as told by a PROXY protocol header or as seen. */
    static SocketAddress of(Channel channel) {
        SocketAddress proxied = channel.attr(PROXIED).get();
        return proxied == null ? channel.remoteAddress() : proxied;
    }

    /** The host part, for messages. */
    static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString()
                : String.valueOf(address);
    }

    /**
     * The connection attributes that describe the client, under the names that MySQL Router gives
     * them.
     */
    static Map<String, String> attributes(Channel channel, SocketAddress address) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (address instanceof InetSocketAddress inet) {
            attributes.put("_client_ip", inet.getHostString());
            attributes.put("_client_port", Integer.toString(inet.getPort()));
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            SSLSession session = tls.engine().getSession();
            attributes.put("_client_ssl_version", session.getProtocol());
            attributes.put("_client_ssl_cipher", session.getCipherSuite());
        }
        return attributes;
    }
}
