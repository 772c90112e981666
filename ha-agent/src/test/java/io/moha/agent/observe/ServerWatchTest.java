package io.moha.agent.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.observe.ServerWatch.View;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerWatchTest {

    private static final Moment START = Ticker.system().now();
    private static final ServerFacts FACTS =
            new ServerFacts(
                    "uuid",
                    "9.7.0",
                    true,
                    "",
                    "",
                    "",
                    null,
                    new ServerFacts.SemiSyncFacts(false, false, 0, 1, 0, false, false));

    private View view = View.NONE;

    @Test
    void theFirstAnswerEndsWhatFailedWhileTheServerStarted() {
        view = view.failed(Kind.UNREACHABLE, "refused", after(0), false);
        view = view.failed(Kind.UNREACHABLE, "refused", after(11), false);
        assertThat(view.failingSince()).isEqualTo(after(0));

        view = view.answered(FACTS, after(12));

        assertThat(view.failingSince()).isNull();
        assertThat(view.failure()).isNull();
        view = view.failed(Kind.TIMEOUT, "slow", after(12), true);
        assertThat(view.failingSince()).isEqualTo(after(12));
    }

    @Test
    void anAnswerDoesNotEndWhatOnlyACommitCan() {
        view = view.answered(FACTS, after(0)).failed(Kind.TIMEOUT, "stuck", after(0), true);
        view = view.answered(FACTS, after(3)).failed(Kind.TIMEOUT, "stuck", after(3), true);
        view = view.failed(Kind.TIMEOUT, "no answer either", after(6), false);
        view = view.answered(FACTS, after(9));

        assertThat(view.failingSince()).isEqualTo(after(0));
        assertThat(view.failure()).isEqualTo(Kind.TIMEOUT);
        assertThat(view.at()).isEqualTo(after(9));
        assertThat(view.committed().failingSince()).isNull();
    }

    @Test
    void olderFactsNeverReplaceNewerOnes() {
        view = view.answered(FACTS, after(5));

        assertThat(view.answered(FACTS, after(4))).isSameAs(view);
    }

    private static Moment after(long seconds) {
        return START.plus(Duration.ofSeconds(seconds));
    }
}
