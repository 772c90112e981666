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
import static io.moha.agent.decide.Scenes.snapshot;
import static io.moha.agent.decide.Scenes.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.decide.Verdict.Kind;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {

    private static final long BOOT = 50_000;
    private static final LeaderRecord LEADER = leader(4, "n1", LeaderState.SERVING, 5);

    private GuardStatus.State state = GuardStatus.State.RUNNING;
    private ServerFacts facts = facts(false, U1 + ":1-10", null);
    private MysqlException.@Nullable Kind failure;
    private Memory memory = Memory.fresh();
    private boolean began;

    @Test
    void aServerThatAnswersIsWell() {
        assertThat(judge(START)).isEqualTo(new Verdict(Kind.WELL, ""));
    }

    @ParameterizedTest
    @EnumSource(
            value = MysqlException.Kind.class,
            names = {"CONFIG", "SATURATED", "REFUSED"})
    void whatIsNoDeathNeverKills(MysqlException.Kind kind) {
        failure = kind;

        assertThat(judge(after(3_600_000)).kind()).isNotIn(Kind.DEAD, Kind.HUNG);
        assertThat(decide(after(3_600_000)))
                .isNotInstanceOf(Decision.KillServer.class)
                .isNotInstanceOf(Decision.Release.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = MysqlException.Kind.class,
            names = {"UNREACHABLE", "TIMEOUT"})
    void silenceIsAHangOnlyAfterAWhile(MysqlException.Kind kind) {
        failure = kind;

        assertThat(judge(after(9_000)).kind()).isEqualTo(Kind.SILENT);
        assertThat(judge(after(10_000)).kind()).isEqualTo(Kind.HUNG);
        assertThat(decide(after(10_000))).isInstanceOf(Decision.KillServer.class);
    }

    @Test
    void aServerThatKeepsEndingHasFailed() {
        state = GuardStatus.State.DEAD;
        assertThat(judge(START).kind()).isEqualTo(Kind.DEAD);
        for (int i = 0; i < 5; i++) {
            memory = memory.started(after(1_000L * i));
        }

        assertThat(judge(after(6_000)).kind()).isEqualTo(Kind.FAILED);
        assertThat(memory.mayStart(after(4_500))).isFalse();
    }

    @Test
    void aNearlyFullDiskIsToldAndAFullOneHandedOver() {
        facts = withDisk(90);
        assertThat(judge(START)).isEqualTo(new Verdict(Kind.NO_SPACE, "the disk is 90 % full"));
        assertThat(decideAfter(61_000)).isNotInstanceOf(Decision.Resign.class);

        facts = withDisk(95);

        assertThat(decideAfter(59_000)).isNotInstanceOf(Decision.Resign.class);
        assertThat(decideAfter(61_000))
                .isInstanceOfSatisfying(
                        Decision.Resign.class, resign -> assertThat(resign.to()).isEqualTo("n2"));
    }

    @Test
    void commitsThatWaitWithoutProgressAreFreedOnce() {
        facts = waiting(U1 + ":1-10");
        assertThat(decideAfter(2_900)).isNotInstanceOf(Decision.Reconnect.class);
        assertThat(judge(after(2_900)).kind()).isEqualTo(Kind.NO_ACK);
        assertThat(decideAfter(3_000)).isInstanceOf(Decision.Reconnect.class);
        memory = memory.freed();
        assertThat(decideAfter(3_100)).isInstanceOf(Decision.Idle.class);

        // They come back, and a huge transaction still takes its time.
        facts = waiting(U1 + ":1-10", 0);
        memory = memory.next(observation(after(3_200)));
        facts = waiting(U1 + ":1-10");
        assertThat(decideAfter(3_300)).isInstanceOf(Decision.Idle.class);
        assertThat(decideAfter(9_000)).isInstanceOf(Decision.Idle.class);

        facts = waiting(U1 + ":1-11");
        assertThat(decideAfter(9_100)).isInstanceOf(Decision.Idle.class);
        assertThat(judge(after(9_100)).kind()).isEqualTo(Kind.WELL);
        assertThat(decideAfter(12_100)).isInstanceOf(Decision.Reconnect.class);
    }

    @Test
    void ackersThatJustCameAreLeftTheirTime() {
        facts = waiting(U1 + ":1-10", 0);
        assertThat(decideAfter(2_900)).isInstanceOf(Decision.Idle.class);
        assertThat(judge(after(2_900)).kind()).isEqualTo(Kind.WELL);

        facts = waiting(U1 + ":1-10");

        assertThat(decideAfter(5_800)).isInstanceOf(Decision.Idle.class);
        assertThat(decideAfter(5_900)).isInstanceOf(Decision.Reconnect.class);
    }

    private static ServerFacts withDisk(int percent) {
        ServerFacts good = facts(false, U1 + ":1-10", null);
        return new ServerFacts(
                good.serverUuid(),
                good.version(),
                false,
                good.executed(),
                "",
                "",
                null,
                Scenes.semiSync(true, 2),
                percent);
    }

    private static ServerFacts waiting(String executed) {
        return waiting(executed, 2);
    }

    private static ServerFacts waiting(String executed, int ackers) {
        ServerFacts good = facts(false, executed, null);
        return new ServerFacts(
                good.serverUuid(),
                good.version(),
                false,
                executed,
                "",
                "",
                null,
                new ServerFacts.SemiSyncFacts(true, true, ackers, 1, 1, false));
    }

    private Verdict judge(Moment now) {
        return Verdict.of(observation(now), memory);
    }

    private Decision decide(Moment now) {
        return NodeRules.decide(observation(now), memory);
    }

    /** What is decided when everything was like this from the start until {@code millis}. */
    private Decision decideAfter(long millis) {
        memory = memory.next(observation(began ? after(millis) : START));
        began = true;
        Observation seen = observation(after(millis));
        memory = memory.next(seen);
        return NodeRules.decide(seen, memory);
    }

    private Observation observation(Moment now) {
        return new Observation(
                now,
                self("n1"),
                snapshot(
                        LEADER,
                        sync(SyncMode.SYNC, 1, "n2", "n3"),
                        "n1",
                        member("n2", replicaOf("n1")),
                        member("n3", replicaOf("n1"))),
                true,
                null,
                new ObservedLease(LEADER, START),
                new Tenure(LEADER, 90, BOOT + 3000),
                new ServerView(
                        guard(state, BOOT + 3000, 4, 0),
                        BOOT,
                        withSemiSync(facts),
                        true,
                        failure,
                        "because",
                        failure == null ? null : START),
                null);
    }

    private static ServerFacts withSemiSync(ServerFacts facts) {
        return facts.semiSync().sourceEnabled()
                ? facts
                : new ServerFacts(
                        facts.serverUuid(),
                        facts.version(),
                        false,
                        facts.executed(),
                        "",
                        "",
                        null,
                        Scenes.semiSync(true, 2));
    }
}
