package io.moha.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SysbenchLoadReportTest {

    @Test
    void addsUpSecondsAndErrors() {
        String output =
                """
                [ 1s ] thds: 16 tps: 99.87 qps: 2010.03 (r/w/o: 1411.06/398.18/200.79) lat (ms,95%): 21.50 err/s: 0.00 reconn/s: 0.00

                ignored error 2013 (HY000)

                ignored error 1213 (40001)
                [ 2s ] thds: 16 tps: 0.00 qps: 0.00 (r/w/o: 0.00/0.00/0.00) lat (ms,95%): 0.00 err/s: 2.00 reconn/s: 15.99

                ignored error 2013 (HY000)
                """;

        SysbenchLoadReport report = SysbenchLoadReport.parse(output, 3);

        assertThat(report)
                .isEqualTo(
                        new SysbenchLoadReport(
                                2, 1, 100, 16, Map.of("2013 (HY000)", 2, "1213 (40001)", 1), 3));
    }
}
