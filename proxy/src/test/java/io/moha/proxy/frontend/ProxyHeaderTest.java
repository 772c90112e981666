package io.moha.proxy.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.proxy.config.TlsConfig;
import io.moha.proxy.routing.Route;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyHeaderTest {

    private final Scene scene = new Scene();

    @Test
    void loginBeginsBehindTheHeader() {
        connectFrom("10.1.2.3");
        assertThat(scene.client().<Object>readOutbound()).isNull();

        send("PROXY TCP4 192.0.2.7 10.0.0.1 4711 3306\r\n");

        assertThat(scene.greeting().serverVersion()).isEqualTo("9.7.4");
        assertThat(ClientAddress.of(scene.client())).isEqualTo(socketAddress("192.0.2.7", 4711));
        scene.client().finishAndReleaseAll();
    }

    @Test
    void checkOfTheLoadBalancerItselfIsGreeted() {
        connectFrom("10.1.2.3");

        send("PROXY UNKNOWN\r\n");

        assertThat(scene.greeting().serverVersion()).isEqualTo("9.7.4");
        scene.client().finishAndReleaseAll();
    }

    @Test
    void somethingElseIsNoHeader() {
        connectFrom("10.1.2.3");

        send("GET / HTTP/1.1\r\n\r\n");

        assertThat(scene.client().isOpen()).isFalse();
        assertThat(scene.failures).containsExactly(LoginFailure.MALFORMED);
    }

    @Test
    void othersAreGreetedAtOnce() {
        connectFrom("192.168.0.1");

        assertThat(scene.greeting().serverVersion()).isEqualTo("9.7.4");
        scene.client().finishAndReleaseAll();
    }

    @Test
    void nonsenseIsNoNetwork() {
        assertThatThrownBy(() -> ProxyNetworks.of(List.of("10.0.0.0/99")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProxyNetworks.of(List.of("somewhere")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void connectFrom(String address) {
        LoginServices services = scene.services(TlsConfig.Mode.DISABLED);
        scene.client = new RemoteChannel(socketAddress(address, 5000));
        scene.client()
                .pipeline()
                .addLast(
                        new FrontendInitializer(
                                services,
                                Route.PRIMARY,
                                ProxyNetworks.of(List.of("10.0.0.0/8", "::1"))));
    }

    private static InetSocketAddress socketAddress(String ip, int port) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(ip), port);
    }

    private void send(String header) {
        scene.client().writeInbound(Unpooled.copiedBuffer(header, US_ASCII));
    }

    /** A channel that says where its client is. */
    private static final class RemoteChannel extends EmbeddedChannel {

        private final InetSocketAddress remote;

        private RemoteChannel(InetSocketAddress remote) {
            this.remote = remote;
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }
    }
}
