package io.moha.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {

    private final ProxyMetrics metrics = new ProxyMetrics();

    @Test
    void countersOfAllKindsShowInStatusAndForPrometheus() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.countLogin("cached");
        metrics.bindTo(registry);
        LoopCounters loop = new LoopCounters();
        metrics.read(ProxyMetrics.Total.COMMANDS, loop::commands);
        metrics.read(ProxyMetrics.Total.BYTES_FROM_CLIENTS, loop::bytesFromClients);
        metrics.read(ProxyMetrics.Total.BYTES_TO_CLIENTS, loop::bytesToClients);
        loop.countCommand();
        loop.countFromClient(100);
        loop.countToClient(2000);
        metrics.countConnection();
        metrics.countLogin("cached");
        metrics.countLoginFailure("timeout");
        metrics.readClosed("client_quit", () -> 7);
        metrics.read(ProxyMetrics.Reading.SESSIONS, () -> 3);

        assertThat(metrics.status())
                .containsEntry("Threads_connected", 3L)
                .containsEntry("Questions", 1L)
                .containsEntry("Bytes_received", 100L)
                .containsEntry("Bytes_sent", 2000L)
                .containsEntry("Moha_logins", 2L)
                .containsEntry("Moha_login_failures_timeout", 1L)
                .containsEntry("Moha_sessions_closed_client_quit", 7L);
        assertThat(registry.scrape())
                .contains("moha_proxy_sessions 3.0")
                .contains("moha_proxy_commands_total 1.0")
                .contains("moha_proxy_logins_total{path=\"cached\"} 2.0")
                .contains("moha_proxy_login_failures_total{cause=\"timeout\"} 1.0")
                .contains("moha_proxy_sessions_closed_total{cause=\"client_quit\"} 7.0");
    }
}
