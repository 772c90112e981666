package io.moha.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.cluster.ProxyRecord;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a proxy tells others about where it listens. */
class AdvertisedAddressTest {

    private static final List<URI> ETCD = List.of(URI.create("http://127.0.0.1:2379"));

    @Test
    void everywhereBecomesTheAddressTowardsEtcd() {
        ProxyRecord record =
                new ProxyRecord(
                        1,
                        "p1",
                        Map.of("rw", "0.0.0.0:6446", "ro", "10.1.2.3:6447"),
                        "[::]:6032",
                        "proxy.example:6033",
                        "test");

        ProxyRecord told = AdvertisedAddress.in(record, ETCD);

        assertThat(told.listeners())
                .containsEntry("rw", "127.0.0.1:6446")
                .containsEntry("ro", "10.1.2.3:6447");
        assertThat(told.admin()).isEqualTo("127.0.0.1:6032");
        assertThat(told.http()).isEqualTo("proxy.example:6033");
    }
}
