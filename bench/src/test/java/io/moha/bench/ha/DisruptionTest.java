package io.moha.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.base.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisruptionTest {

    private static final Moment START = new Moment(0);

    @Test
    void measuresFromTheDisturbanceToTheEndOfTheLongestPause() {
        List<WriterRecord> records = List.of(writer(0, 0, 900, 1010, 2500, 2600));

        Disruption seen = Disruption.of(records, at(1000), at(2650), 0);

        assertThat(seen.toFirstWrite()).isEqualTo(Duration.ofMillis(1500));
        assertThat(seen.pause()).isEqualTo(Duration.ofMillis(1490));
    }

    @Test
    void takesThePauseOfAllClientsTogetherAndTheWorstOfOne() {
        List<WriterRecord> records =
                List.of(writer(0, 990, 1400, 1900), writer(1, 995, 1200, 1890));

        Disruption seen = Disruption.of(records, at(1000), at(1900), 0);

        assertThat(seen.pause()).isEqualTo(Duration.ofMillis(490));
        assertThat(seen.worstClientPause()).isEqualTo(Duration.ofMillis(690));
        assertThat(seen.acknowledged()).isEqualTo(6);
    }

    @Test
    void countsAPauseThatNeverEnded() {
        List<WriterRecord> records = List.of(writer(0, 900, 1001));

        Disruption seen = Disruption.of(records, at(1000), at(9001), 0);

        assertThat(seen.pause()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void addsUpErrorsByKind() {
        WriterRecord first = writer(0, 1);
        first.failed("write: 2013 (08S01)");
        WriterRecord second = writer(1, 1);
        second.failed("write: 2013 (08S01)");
        second.failed("connect: 0 (08S01)");

        Disruption seen = Disruption.of(List.of(first, second), at(0), at(2), 0);

        assertThat(seen.errors())
                .isEqualTo(Map.of("write: 2013 (08S01)", 2, "connect: 0 (08S01)", 1));
    }

    private static WriterRecord writer(int number, long... acknowledgedAtMillis) {
        WriterRecord record = new WriterRecord(number);
        for (int i = 0; i < acknowledgedAtMillis.length; i++) {
            Moment at = at(acknowledgedAtMillis[i]);
            record.acknowledged(i, new WriterRecord.Write(at, at));
        }
        return record;
    }

    private static Moment at(long millis) {
        return START.plus(Duration.ofMillis(millis));
    }
}
