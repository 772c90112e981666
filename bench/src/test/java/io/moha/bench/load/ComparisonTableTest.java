package io.moha.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {

    @Test
    void takesRatiosWithinARoundBeforeTheMedian() {
        List<Sample> samples =
                List.of(
                        sample(PeerKind.RELAY, 0, 100, 10),
                        sample(PeerKind.MOHA, 0, 50, 20),
                        sample(PeerKind.RELAY, 1, 10, 100),
                        sample(PeerKind.MOHA, 1, 20, 50),
                        sample(PeerKind.RELAY, 2, 40, 40),
                        sample(PeerKind.MOHA, 2, 40, 40));

        String markdown = new ComparisonTable(samples).markdown();

        assertThat(markdown.lines().filter(line -> line.startsWith("| 16 | moha")))
                .singleElement()
                .asString()
                .isEqualTo("| 16 | moha | 40 | 1.00 | 2.00 | 3.00 | 40.0 | – | 1.00 | – | 1.00 |");
    }

    @Test
    void givesNoCpuTimeForTheDirectWay() {
        List<Sample> samples =
                List.of(sample(PeerKind.DIRECT, 0, 100, 0), sample(PeerKind.RELAY, 0, 50, 10));

        String markdown = new ComparisonTable(samples).markdown();

        assertThat(markdown)
                .contains("| 16 | direct | 100 | 1.00 | 2.00 | 3.00 | – | – | – | – | 2.00 |");
    }

    private static Sample sample(PeerKind peer, int round, double perSecond, double cpuMicros) {
        Sample.Key key = new Sample.Key(Workload.POINT_TEXT, 16, peer.title());
        return new Sample(key, round, perSecond, 1, 2, 3, cpuMicros, 0);
    }
}
