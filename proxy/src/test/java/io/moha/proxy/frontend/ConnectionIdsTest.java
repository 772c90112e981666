package io.moha.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConnectionIdsTest {

    @Test
    void idsAreBeyondThoseOfServersAndFitASignedNumber() {
        ConnectionIds ids = new ConnectionIds(255, 8);

        for (int i = 0; i < 1000; i++) {
            assertThat(ids.next()).isBetween(1L << 30, (1L << 31) - 1);
        }
        assertThat(ConnectionIds.isProxyId(12)).isFalse();
    }

    @Test
    void proxiesDoNotShareIds() {
        assertThat(new ConnectionIds(1, 8).next() >>> 22)
                .isNotEqualTo(new ConnectionIds(2, 8).next() >>> 22);
    }

    @Test
    void nodeMustFitItsBits() {
        assertThatThrownBy(() -> new ConnectionIds(4, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
