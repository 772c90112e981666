package io.moha.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.bench.proc.BenchException;
import org.junit.jupiter.api.Test;

class SysbenchReportTest {

    private static final String OUTPUT =
            """
            Latency histogram (values are in milliseconds)
                   value  ------------- distribution ------------- count
                   0.388 |*                                        2
                   0.395 |**********************                   90
                   7.039 |                                         8

            SQL statistics:
                queries performed:
                    total:                           2000
                transactions:                        100    (48.70 per sec.)
                queries:                             2000   (974.10 per sec.)
                ignored errors:                      1      (0.00 per sec.)

            General statistics:
                total time:                          2.0532s
                total number of events:              100
            """;

    @Test
    void readsCountsAndTime() {
        SysbenchReport report = SysbenchReport.parse(OUTPUT);

        assertThat(report.queries()).isEqualTo(2000);
        assertThat(report.events()).isEqualTo(100);
        assertThat(report.seconds()).isEqualTo(2.0532);
        assertThat(report.ignoredErrors()).isEqualTo(1);
    }

    @Test
    void readsPercentilesOffTheHistogram() {
        SysbenchReport report = SysbenchReport.parse(OUTPUT);

        assertThat(report.percentile(0.50)).isEqualTo(0.395);
        assertThat(report.percentile(0.99)).isEqualTo(7.039);
    }

    @Test
    void refusesOutputWithoutNumbers() {
        assertThatThrownBy(() -> SysbenchReport.parse("FATAL: unable to connect"))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("unable to connect");
    }
}
