package io.moha.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoPortsTest {

    private static List<Integer> all(DemoPorts ports) {
        List<Integer> all = new ArrayList<>();
        for (int i = 1; i <= DemoOptions.MOST; i++) {
            all.addAll(
                    List.of(
                            ports.mysql(i),
                            ports.mysqlAdmin(i),
                            ports.agentHttp(i),
                            ports.proxyWrite(i),
                            ports.proxyRead(i),
                            ports.proxySplit(i),
                            ports.proxyAdmin(i),
                            ports.proxyHttp(i),
                            ports.etcdClient(i),
                            ports.etcdPeer(i)));
        }
        return all;
    }

    @Test
    void noPortIsUsedTwiceAndAllAreWithinTheSpan() {
        List<Integer> all = all(new DemoPorts(10_000));

        assertThat(all).doesNotHaveDuplicates();
        assertThat(all).allMatch(port -> port > 10_000 && port < 10_000 + DemoPorts.SPAN);
    }

    @Test
    void theFirstProxyHasTheCustomaryPortsByDefault() {
        DemoPorts ports = new DemoPorts(DemoPorts.DEFAULT_BASE);

        assertThat(ports.proxyWrite(1)).isEqualTo(6446);
        assertThat(ports.proxyRead(1)).isEqualTo(6447);
        assertThat(ports.proxySplit(1)).isEqualTo(6450);
    }

    @Test
    void findsAPortThatSomebodyListensOn() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DemoPorts ports = new DemoPorts(taken.getLocalPort() - 1);
            DemoOptions options =
                    new DemoOptions(
                            Path.of("/tmp"), 1, 0, 1, null, null, ports.base(), false, "5s");

            assertThat(ports.taken(options)).contains(taken.getLocalPort());
        }
    }
}
