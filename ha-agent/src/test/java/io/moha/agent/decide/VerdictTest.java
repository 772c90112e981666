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
import io.moha.agent.mysql.DiskSpace;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {

    private static final long BOOT = 50_000;

    private GuardStatus.State state = GuardStatus.State.RUNNING;
    private ServerFacts facts = facts(false, U1 + ":1-10", null);
    private MysqlException.@Nullable Kind failure;
    private Memory memory = Memory.fresh();
    private LeaderRecord record = leader(4, "n1", LeaderState.SERVING, 5);
    private MemberReport n2 = replicaOf("n1");
    private MemberReport n3 = replicaOf("n1");
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
    void aPrimaryWithoutSpaceIsKilledWhenANodeWithSpaceCanBeElected() {
        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-10");
        others(report(10), report(99));
        assertThat(judge(START).kind()).isEqualTo(Kind.NO_SPACE);
        assertThat(decideAfter(9_900)).isNotInstanceOf(Decision.KillServer.class);

        assertThat(decideAfter(10_000))
                .isInstanceOfSatisfying(
                        Decision.KillServer.class,
                        kill -> {
                            assertThat(kill.epoch()).isEqualTo(4);
                            assertThat(kill.reason()).contains("the disk of n1 is full");
                        });
    }

    @Test
    void aPromotionThatCannotCommitForWantOfSpaceIsEnded() {
        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-10");
        record = leader(4, "n1", LeaderState.PROMOTING, 5);
        assertThat(decideAfter(0)).isInstanceOf(Decision.Promote.class);
        assertThat(decideAfter(10_000)).isInstanceOf(Decision.Promote.class);

        others(report(10), report(10));

        assertThat(decideAfter(10_100)).isInstanceOf(Decision.KillServer.class);
    }

    @Test
    void aCommitThatFindsSpaceGivesAPrimaryMoreTime() {
        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-10");
        others(report(10), report(10));
        assertThat(decideAfter(9_900)).isNotInstanceOf(Decision.KillServer.class);

        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-11");
        assertThat(decideAfter(10_000)).isNotInstanceOf(Decision.KillServer.class);
        assertThat(decideAfter(19_900)).isNotInstanceOf(Decision.KillServer.class);
        facts = withDisk(new DiskSpace(80, 8L << 30), U1 + ":1-11");
        assertThat(decideAfter(20_000)).isNotInstanceOf(Decision.KillServer.class);
    }

    @Test
    void aLittleSpaceThatComesBackIsNotEnoughWithoutACommit() {
        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-10");
        others(report(10), report(10));
        decideAfter(0);

        facts = withDisk(new DiskSpace(99, 8 << 20), U1 + ":1-10");

        assertThat(decideAfter(9_900)).isNotInstanceOf(Decision.KillServer.class);
        assertThat(decideAfter(10_000)).isInstanceOf(Decision.KillServer.class);
    }

    @Test
    void aPrimaryWithoutSpaceServesOnWhenNobodyElseHasAny() {
        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-10");
        others(report(90), report(null));

        decideAfter(0);
        assertThat(decideAfter(3_600_000))
                .isInstanceOfSatisfying(
                        Decision.Blocked.class,
                        blocked -> assertThat(blocked.reason()).contains("has space"));
        failure = MysqlException.Kind.TIMEOUT;
        assertThat(decideAfter(3_700_000)).isInstanceOf(Decision.Blocked.class);
        assertThat(judge(after(3_700_000)).kind()).isEqualTo(Kind.NO_SPACE);
    }

    @Test
    void aPrimaryWithoutSpaceServesOnWhileNobodyCouldBeElected() {
        facts = withDisk(new DiskSpace(100, 0), U1 + ":1-10");
        others(report(10), Scenes.report(NodeRole.DOWN, 0, false, -1, null));

        decideAfter(0);
        assertThat(decideAfter(10_000))
                .isInstanceOfSatisfying(
                        Decision.Blocked.class,
                        blocked -> assertThat(blocked.reason()).contains("an election would need"));
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

    private void others(MemberReport second, MemberReport third) {
        n2 = second;
        n3 = third;
    }

    /** Of a replica whose disk is so full, in per cent; null when it does not know. */
    private static MemberReport report(@Nullable Integer disk) {
        MemberReport good = replicaOf("n1");
        return new MemberReport(
                good.role(),
                "",
                0,
                "",
                "",
                true,
                true,
                true,
                0,
                good.source(),
                good.mysqlVersion(),
                null,
                null,
                disk);
    }

    private static ServerFacts withDisk(int percent) {
        return withDisk(new DiskSpace(percent, 1L << 40), U1 + ":1-10");
    }

    private static ServerFacts withDisk(DiskSpace disk, String executed) {
        ServerFacts good = facts(false, executed, null);
        return new ServerFacts(
                good.serverUuid(),
                good.version(),
                false,
                good.executed(),
                "",
                "",
                null,
                Scenes.semiSync(true, 2),
                disk);
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
                new ServerFacts.SemiSyncFacts(true, true, ackers, 1, 1, false, true));
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
                        record,
                        sync(SyncMode.SYNC, 1, "n2", "n3"),
                        "n1",
                        member("n2", n2),
                        member("n3", n3)),
                true,
                null,
                new ObservedLease(record, START),
                new Tenure(record, 90, BOOT + 3000),
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
