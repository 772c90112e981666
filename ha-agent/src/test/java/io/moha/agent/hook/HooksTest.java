package io.moha.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.decide.Verdict;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.HistoryRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HooksTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Ticker TICKER = Ticker.system();

    @TempDir private Path directory;

    @Test
    void theCommandGetsTheFactsAsEnvironmentVariables() throws Exception {
        Path out = directory.resolve("out");
        try (Hooks hooks = hooks("env | grep ^MOHA_ | sort >> " + out, Duration.ofSeconds(20))) {
            hooks.tell(
                    new Event.AfterPromotion(
                            new HistoryRecord(
                                    1,
                                    7,
                                    0,
                                    HistoryRecord.Kind.FAILOVER,
                                    "died",
                                    "n1",
                                    "n2",
                                    Map.of("drain", 3L),
                                    "",
                                    null)));
            await(() -> Files.exists(out) && Files.readString(out).contains("MOHA_REASON"));
        }

        assertThat(Files.readAllLines(out))
                .contains(
                        "MOHA_EVENT=after-promotion",
                        "MOHA_NODE=n2",
                        "MOHA_EPOCH=7",
                        "MOHA_KIND=FAILOVER",
                        "MOHA_OLD_PRIMARY=n1",
                        "MOHA_LOST=",
                        "MOHA_PHASES=drain=3",
                        "MOHA_REASON=died");
    }

    @Test
    void aCommandThatHangsIsKilledAndTheNextEventStillTold() throws Exception {
        Path out = directory.resolve("out");
        String script = "[ $MOHA_VERDICT = WELL ] && touch " + out + " || exec tail -f /dev/null";
        try (Hooks hooks = hooks(script, Duration.ofMillis(300))) {
            Moment before = TICKER.now();
            hooks.tell(new Event.Detected(new Verdict(Verdict.Kind.DEAD, "gone")));
            hooks.tell(new Event.Detected(new Verdict(Verdict.Kind.WELL, "")));
            assertThat(TICKER.now().since(before)).isLessThan(Duration.ofMillis(250));

            await(() -> Files.exists(out));
        }
    }

    private static Hooks hooks(String script, Duration timeout) {
        return new Hooks(List.of("sh", "-c", script), timeout, Map.of("NODE", "n2"));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        Moment until = TICKER.now().plus(BOUND);
        while (!condition.holds()) {
            assertThat(TICKER.now().isBefore(until)).isTrue();
            LockSupport.parkNanos(10_000_000);
        }
    }
}
