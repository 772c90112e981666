package io.moha.proxy.http;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.moha.proxy.metrics.ProxyMetrics;
import org.jspecify.annotations.Nullable;

/**
 * The text that Prometheus reads. The registry is made when it is first asked for, so that it costs
 * nothing at the start. Confined to one thread.
 */
final class MetricsPage {

    private final ProxyMetrics metrics;
    private @Nullable PrometheusMeterRegistry registry;

    MetricsPage(ProxyMetrics metrics) {
        this.metrics = metrics;
    }

    String text() {
        PrometheusMeterRegistry present = registry;
        if (present == null) {
            present = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            metrics.bindTo(present);
            new JvmMemoryMetrics().bindTo(present);
            new JvmThreadMetrics().bindTo(present);
            new ProcessorMetrics().bindTo(present);
            registry = present;
        }
        return present.scrape();
    }
}
