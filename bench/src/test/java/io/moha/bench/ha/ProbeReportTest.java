package io.moha.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.base.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeReportTest {

    private static final Moment START = new Moment(0);
    private static final List<ProbeReport.Mark> MARKS =
            List.of(new ProbeReport.Mark("n1", at(1000)), new ProbeReport.Mark("n2", at(20_000)));

    @Test
    void allowsTheOldPrimaryToAcknowledgeUntilAnotherDoes() {
        ProbeReport report =
                judge(writes(0, 500, 510, 1500, 1510), writes(1, 4000, 4010, 9000, 9010));

        assertThat(report.second()).isEmpty();
        assertThat(report.acknowledged()).isEqualTo(4);
    }

    @Test
    void catchesAnAcknowledgementOfTheOldPrimaryAfterAnother() {
        ProbeReport report = judge(writes(0, 1100, 9500), writes(1, 4000, 4010));

        assertThat(report.second())
                .containsExactly(
                        "n1 acknowledged 8500 ms after the disturbance what was sent at 100 ms;"
                                + " another had at 3010 ms");
    }

    @Test
    void countsNoWriteThatTheOthersMayHaveHadBeforeTheDisturbance() {
        ProbeReport report = judge(writes(0, 990, 9500), writes(1, 4000, 4010));

        assertThat(report.second()).isEmpty();
    }

    @Test
    void letsTheOldPrimaryServeAgainAfterTheNextDisturbance() {
        ProbeReport report = judge(writes(0, 25_000, 25_010), writes(1, 4000, 4010));

        assertThat(report.second()).isEmpty();
    }

    private static ProbeReport judge(WriterRecord first, WriterRecord second) {
        return ProbeReport.of(Map.of("n1", List.of(first), "n2", List.of(second)), MARKS, 0);
    }

    /** Pairs of times: sent, acknowledged. */
    private static WriterRecord writes(int writer, long... millis) {
        WriterRecord record = new WriterRecord(writer);
        for (int i = 0; i < millis.length; i += 2) {
            record.acknowledged(i, new WriterRecord.Write(at(millis[i]), at(millis[i + 1])));
        }
        return record;
    }

    private static Moment at(long millis) {
        return START.plus(Duration.ofMillis(millis));
    }
}
