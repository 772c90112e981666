package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.START;
import static io.moha.agent.decide.Scenes.U1;
import static io.moha.agent.decide.Scenes.address;
import static io.moha.agent.decide.Scenes.after;
import static io.moha.agent.decide.Scenes.facts;
import static io.moha.agent.decide.Scenes.guard;
import static io.moha.agent.decide.Scenes.leader;
import static io.moha.agent.decide.Scenes.member;
import static io.moha.agent.decide.Scenes.replicaOf;
import static io.moha.agent.decide.Scenes.self;
import static io.moha.agent.decide.Scenes.snapshot;
import static io.moha.agent.decide.Scenes.sync;
import static io.moha.agent.decide.Scenes.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.SyncMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What n2 does about a primary n1 that renews no more, while n3 may stand by it. */
class CandidateRulesTest {

    private static final LeaderRecord SERVING = leader(3, "n1", LeaderState.SERVING, 7);

    @Test
    void nobodyElectsWhileEnoughAckersStandByThePrimary() {
        assertThat(decide(SERVING, null)).isInstanceOf(Decision.Acquire.class);
        assertThat(decide(SERVING, 3L)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void aPromiseToAnEarlierPrimaryOrToOneThatGaveUpHoldsNobodyUp() {
        assertThat(decide(SERVING, 2L)).isInstanceOf(Decision.Acquire.class);
        assertThat(decide(SERVING.released(true, "", "crashed"), 3L))
                .isInstanceOf(Decision.Acquire.class);
    }

    @Test
    void whoWasAppointedAndDidNotServeIsPenalisedForAWhile() {
        Trials tried = Trials.none().next(leader(4, "n3", LeaderState.PROMOTING, 1), START);
        Trials failed = tried.next(leader(5, "n2", LeaderState.ELECTING, 1), START);
        Trials served = tried.next(leader(4, "n3", LeaderState.SERVING, 2), START);

        assertThat(tried.penalised(START)).isEmpty();
        assertThat(failed.penalised(after(59_000))).containsExactly("n3");
        assertThat(failed.penalised(after(61_000))).isEmpty();
        assertThat(served.next(leader(5, "n2", LeaderState.ELECTING, 1), START).penalised(START))
                .isEmpty();
        Ballot ballot =
                new Ballot(
                        sync(SyncMode.SYNC, 1, "n2", "n3"),
                        GtidSet.empty(),
                        "n1",
                        Set.of(),
                        List.of(voter("n2", U1 + ":1-10"), voter("n3", U1 + ":1-10")),
                        List.of(),
                        false,
                        true);
        assertThat(((Tally.Winner) ElectionRules.tally(ballot)).node()).isEqualTo("n2");
        assertThat(((Tally.Winner) ElectionRules.tally(ballot, Set.of("n2"))).node())
                .isEqualTo("n3");
    }

    @Test
    void reportsOfOlderAgentsStandByNobody() throws Exception {
        MemberReport report = replicaOf("n1").standingBy(3L);
        String text = new String(RecordText.encode(report), StandardCharsets.UTF_8);

        assertThat(RecordText.decode(RecordText.encode(report), MemberReport.class))
                .isEqualTo(report);
        String older = text.replace(",\"standsBy\":3", "");
        assertThat(older).isNotEqualTo(text);
        assertThat(RecordText.decode(older.getBytes(StandardCharsets.UTF_8), MemberReport.class))
                .isEqualTo(replicaOf("n1"));
    }

    private static Decision decide(LeaderRecord leader, @Nullable Long standsBy) {
        Observation seen =
                new Observation(
                        after(5_200),
                        self("n2"),
                        snapshot(
                                leader,
                                sync(SyncMode.SYNC, 1, "n2", "n3"),
                                "n1",
                                member("n2", replicaOf("n1")),
                                member("n3", replicaOf("n1").standingBy(standsBy))),
                        true,
                        null,
                        new ObservedLease(leader, START),
                        null,
                        new ServerView(
                                guard(GuardStatus.State.RUNNING, 0, 0, 0),
                                50_000,
                                facts(true, U1 + ":1-10", address("n1")),
                                true,
                                null,
                                "",
                                null),
                        null);
        return NodeRules.decide(seen, Memory.fresh().next(seen));
    }
}
