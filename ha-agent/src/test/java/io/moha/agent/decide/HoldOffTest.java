package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.START;
import static io.moha.agent.decide.Scenes.U1;
import static io.moha.agent.decide.Scenes.after;
import static io.moha.agent.decide.Scenes.facts;
import static io.moha.agent.decide.Scenes.guard;
import static io.moha.agent.decide.Scenes.leader;
import static io.moha.agent.decide.Scenes.member;
import static io.moha.agent.decide.Scenes.replicaOf;
import static io.moha.agent.decide.Scenes.self;
import static io.moha.agent.decide.Scenes.sync;
import static io.moha.agent.decide.Scenes.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.DiskSpace;
import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How changes of primary that nobody needs are held off, and what never is. */
class HoldOffTest {

    private static final long BOOT = 50_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final LeaderRecord LEADER = leader(4, "n1", LeaderState.SERVING, 5);

    private Memory memory = Memory.fresh();
    private int disk = 96;
    private @Nullable String asked;
    private long epoch = 4;

    @Test
    void attemptsToHandOverThatComeToNothingGetRarer() {
        look(0);
        assertThat(decideAt(60)).isInstanceOf(Decision.Resign.class);

        asked = "first";
        look(60);
        assertThat(decideAt(89)).isInstanceOf(Decision.Idle.class);
        assertThat(decideAt(90)).isInstanceOf(Decision.Resign.class);

        asked = "second";
        look(90);
        assertThat(decideAt(149).reason()).contains("2 attempts", "60 s");
        assertThat(decideAt(150)).isInstanceOf(Decision.Resign.class);
    }

    @Test
    void thePauseBetweenAttemptsIsBounded() {
        Resignations many = Resignations.none();
        for (int i = 0; i < 40; i++) {
            many = many.next("request " + i, START);
        }

        assertThat(many.pause()).isEqualTo(Duration.ofMinutes(30));
        assertThat(many.isTooEarly(after(30 * 60_000 - 1))).isTrue();
        assertThat(many.isTooEarly(after(30 * 60_000))).isFalse();
    }

    @Test
    void whenTheDiskHadSpaceAgainAttemptsBeginAnew() {
        look(0);
        asked = "first";
        look(60);
        asked = "second";
        look(90);
        disk = 80;
        look(100);
        disk = 96;

        assertThat(decideAt(101)).isInstanceOf(Decision.Resign.class);
    }

    @Test
    void aPrimaryThatManyChangesWentBeforeStaysLonger() {
        look(0);
        epoch = 5;
        look(1);
        epoch = 6;
        look(100);
        assertThat(memory.unrest().tenure(MINUTE)).isEqualTo(MINUTE.multipliedBy(2));
        assertThat(decideAt(119).reason()).contains("stays for 120 s after 2 changes");
        assertThat(decideAt(121)).isInstanceOf(Decision.Resign.class);
    }

    @Test
    void changesLongAgoHaveNothingToDoWithEachOther() {
        Unrest seen = Unrest.unknown().next(change(1), MINUTE, START);
        assertThat(seen.changes()).isZero();
        for (int i = 2; i < 12; i++) {
            seen = seen.next(change(i), MINUTE, after(i * 1000L));
        }
        assertThat(seen.tenure(MINUTE)).isEqualTo(Duration.ofMinutes(30));

        assertThat(seen.next(change(12), MINUTE, after(3 * 3_600_000L)).tenure(MINUTE))
                .isEqualTo(MINUTE);
    }

    @Test
    void whoServesAndFailsAgainAndAgainComesLast() {
        Trials once = servedAndFailed(Trials.none(), 4, 0);
        Trials twice = servedAndFailed(once, 6, 30_000);

        assertThat(once.penalised(after(1))).isEmpty();
        assertThat(twice.penalised(after(60_000))).containsExactly("n1");
        assertThat(twice.penalised(after(160_000))).isEmpty();
        assertThat(servedAndFailed(once, 6, 3_600_000).penalised(after(3_600_001))).isEmpty();
        // Nobody is ever excluded: it is chosen if it is the only one that has everything.
        assertThat(chosen("n1", U1 + ":1-10")).isEqualTo("n2");
        assertThat(chosen("n1", U1 + ":1-9")).isEqualTo("n1");
    }

    @Test
    void whoHandsOverByPlanDidNotFail() {
        Trials trials = Trials.none();
        for (long e = 1; e < 9; e += 2) {
            trials = trials.next(leader(e, "n1", LeaderState.SERVING, 1), START);
            trials = trials.next(leader(e + 1, "n2", LeaderState.PROMOTING, 1), START);
            trials = trials.next(leader(e + 1, "n2", LeaderState.SERVING, 2), START);
        }

        assertThat(trials.penalised(START)).isEmpty();
    }

    private static Trials servedAndFailed(Trials before, long epoch, long millis) {
        return before.next(leader(epoch, "n1", LeaderState.SERVING, 1), after(millis))
                .next(leader(epoch + 1, "n2", LeaderState.ELECTING, 1), after(millis));
    }

    /** Who is elected after {@code penalised} failed again and again and n2 has {@code other}. */
    private static String chosen(String penalised, String other) {
        Ballot ballot =
                new Ballot(
                        sync(SyncMode.SYNC, 1, "n2"),
                        GtidSet.parse(U1 + ":1-10"),
                        "n1",
                        Set.of(),
                        List.of(voter("n1", U1 + ":1-10"), voter("n2", other)),
                        List.of(),
                        false,
                        true);
        return ((Tally.Winner) ElectionRules.tally(ballot, Set.of(penalised))).node();
    }

    private static HistoryRecord change(long epoch) {
        return new HistoryRecord(
                1, epoch, 0, HistoryRecord.Kind.FAILOVER, "", "n2", "n1", Map.of(), "", null);
    }

    private Decision decideAt(long seconds) {
        look(seconds);
        return NodeRules.decide(seen(after(seconds * 1000)), memory);
    }

    private void look(long seconds) {
        memory = memory.next(seen(after(seconds * 1000)));
    }

    private Observation seen(Moment now) {
        ServerFacts good = facts(false, U1 + ":1-10", null);
        ServerFacts facts =
                new ServerFacts(
                        good.serverUuid(),
                        good.version(),
                        false,
                        good.executed(),
                        "",
                        "",
                        null,
                        Scenes.semiSync(true, 2),
                        new DiskSpace(disk, 1L << 40));
        return new Observation(
                now,
                self("n1"),
                cluster(),
                true,
                null,
                new ObservedLease(LEADER, START),
                new Tenure(LEADER, 90, BOOT + 3000),
                new ServerView(
                        guard(GuardStatus.State.RUNNING, BOOT + 3000, 4, 0),
                        BOOT,
                        facts,
                        true,
                        null,
                        "",
                        null),
                null);
    }

    private ClusterSnapshot cluster() {
        String id = asked;
        Versioned<SwitchoverRecord> last =
                id == null
                        ? null
                        : new Versioned<>(
                                new SwitchoverRecord(
                                        1,
                                        id,
                                        "n1",
                                        "n2",
                                        self("n1").asker() + ": because",
                                        0,
                                        10_000,
                                        SwitchoverPhase.ABANDONED,
                                        "",
                                        Map.of()),
                                95);
        return new ClusterSnapshot(
                100,
                new Versioned<>(LEADER, 90),
                new Versioned<>(sync(SyncMode.SYNC, 1, "n2", "n3"), 80),
                Map.of(
                        "n2", member("n2", replicaOf("n1")),
                        "n3", member("n3", replicaOf("n1"))),
                Set.of(),
                last,
                Map.of(),
                new SettingsRecord(1, Map.of()),
                null,
                change(epoch));
    }
}
