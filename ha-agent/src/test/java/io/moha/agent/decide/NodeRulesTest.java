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
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the agent of n2 does. */
class NodeRulesTest {

    private static final SyncRecord SYNC = sync(SyncMode.SYNC, 1, "n2", "n3");
    private static final long BOOT = 50_000;

    private LeaderRecord leader = leader(3, "n1", LeaderState.SERVING, 7);
    private @Nullable Tenure tenure;
    private GuardStatus guard = guard(GuardStatus.State.RUNNING, 0, 0, 0);
    private @Nullable ServerFacts facts = facts(true, U1 + ":1-10", address("n1"));
    private MysqlException.@Nullable Kind failure;
    private @Nullable Moment failingSince;
    private boolean storeAnswers = true;
    private boolean paused;
    private String lastPrimary = "n1";
    private Memory memory = Memory.fresh();
    private SyncRecord sync = SYNC;

    @Test
    void replicaOfTheLivingPrimaryHasNothingToDo() {
        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void deadPrimaryIsReleasedAtOnce() {
        holds(LeaderState.SERVING);
        guard = guard(GuardStatus.State.DEAD, 0, 4, 0);

        assertThat(decide(START)).isEqualTo(new Decision.Release(4, "signal 9"));
    }

    @Test
    void deadReplicaIsStartedAgainButNotForEver() {
        guard = guard(GuardStatus.State.DEAD, 0, 0, 0);

        assertThat(decide(START)).isInstanceOf(Decision.StartServer.class);
        for (int i = 0; i < 6; i++) {
            memory = memory.started(START);
        }
        assertThat(decide(after(5000))).isInstanceOf(Decision.Idle.class);
        assertThat(decide(after(8001))).isInstanceOf(Decision.StartServer.class);
    }

    @Test
    void deadServerIsNotStartedWhileClientsLookForThePrimaryThere() {
        leader = ofAnotherLife(leader(4, "n2", LeaderState.SERVING, 9));
        guard = guard(GuardStatus.State.DEAD, 0, 0, 0);

        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
        assertThat(decide(after(5001))).isInstanceOf(Decision.StartServer.class);
    }

    @Test
    void serverThatIsSilentTooLongIsKilled() {
        holds(LeaderState.SERVING);
        failure = MysqlException.Kind.TIMEOUT;
        failingSince = START;

        assertThat(decide(after(9000))).isNotInstanceOf(Decision.KillServer.class);
        assertThat(decide(after(10_000))).isInstanceOf(Decision.KillServer.class);
    }

    @Test
    void wrongCredentialsNeverKill() {
        holds(LeaderState.SERVING);
        failure = MysqlException.Kind.CONFIG;
        failingSince = START;

        assertThat(decide(after(600_000))).isNotInstanceOf(Decision.KillServer.class);
    }

    @Test
    void silenceOfTheStoreIsNoReasonToElect() {
        storeAnswers = false;

        assertThat(decide(after(60_000))).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void releasedLeadIsTakenUpAtOnceByTheFirstInRank() {
        leader = leader.released(true, U1 + ":1-9", "crashed");

        Decision decision = decide(START);

        assertThat(decision).isInstanceOf(Decision.Acquire.class);
        LeaderRecord next = ((Decision.Acquire) decision).next();
        assertThat(next.epoch()).isEqualTo(4);
        assertThat(next.state()).isEqualTo(LeaderState.ELECTING);
        assertThat(next.floor()).isEqualTo(U1 + ":1-9");
    }

    @Test
    void leadReleasedByAServerThatMayStillWriteIsWaitedFor() {
        leader = leader.released(false, "", "cannot be killed");

        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void leaseThatStoodStillForItsTtlIsTakenOver() {
        assertThat(decide(after(4999))).isInstanceOf(Decision.Idle.class);
        assertThat(decide(after(5200))).isInstanceOf(Decision.Acquire.class);
    }

    @Test
    void nobodyElectsWhilePausedOrWhenOnlyTheSinglePrimaryMay() {
        leader = leader.released(true, "", "crashed");
        paused = true;
        assertThat(decide(START)).isInstanceOf(Decision.Blocked.class);

        paused = false;
        sync = sync(SyncMode.SPM, 1);
        assertThat(decide(START)).isInstanceOf(Decision.Blocked.class);
    }

    @Test
    void voterFreezesOnceForEachElection() {
        leader = leader(4, "n3", LeaderState.ELECTING, 1);

        assertThat(decide(START)).isInstanceOf(Decision.Freeze.class);
        memory = memory.promised(4);
        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void voterFollowsNoEpochBeforeTheOneItPromised() {
        memory = memory.promised(4);
        facts = facts(true, U1 + ":1-10", null);

        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void loserFollowsThePrimaryThatHasAllItHas() {
        leader = withFloor(leader(4, "n3", LeaderState.PROMOTING, 2), U1 + ":1-10");

        assertThat(decide(START))
                .isEqualTo(new Decision.Follow("10.0.0.3", 3306, true, "n3 leads"));
    }

    @Test
    void stoppedReplicaIsStartedAgainUnlessTheClusterIsPaused() {
        facts = stopped("");

        assertThat(decide(START)).isInstanceOf(Decision.Follow.class);
        paused = true;
        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void replicaWhosePrimaryHasPurgedWhatItLacksIsRebuilt() {
        leader = withFloor(leader, U1 + ":1-20");
        facts = stopped("... the source purged required binary logs. Replicate ...");

        assertThat(decide(START))
                .isEqualTo(
                        new Decision.Rebuild(
                                "10.0.0.1", 3306, "", null, "n1 has purged what this node lacks"));
        paused = true;
        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    private static ServerFacts stopped(String error) {
        ServerFacts good = facts(true, U1 + ":1-10", address("n1"));
        return new ServerFacts(
                good.serverUuid(),
                good.version(),
                true,
                good.executed(),
                "",
                "",
                new ServerFacts.ReplicaFacts("10.0.0.1", 3306, false, false, true, -1, error, ""),
                good.semiSync());
    }

    @Test
    void nodeWithSurplusIsRebuiltOnlyAfterThePrimaryConfirmedItsLack() {
        leader = withFloor(leader(4, "n3", LeaderState.SERVING, 20), U1 + ":1-8");
        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
        memory = memory.next(observation(START));

        leader = withFloor(leader(4, "n3", LeaderState.SERVING, 23), U1 + ":1-8");

        Decision decision = decide(START);
        assertThat(decision).isInstanceOf(Decision.Rebuild.class);
        assertThat(((Decision.Rebuild) decision).surplus()).isEqualTo(U1 + ":9-10");
    }

    @Test
    void agentThatComesBackInTimeResumesItsEpoch() {
        leader = ofAnotherLife(leader(4, "n2", LeaderState.SERVING, 9));
        guard = guard(GuardStatus.State.RUNNING, BOOT + 2000, 4, 0);
        facts = null;

        Decision decision = decide(START);

        assertThat(decision).isInstanceOf(Decision.Acquire.class);
        assertThat(((Decision.Acquire) decision).next().epoch()).isEqualTo(4);
        assertThat(((Decision.Acquire) decision).next().state()).isEqualTo(LeaderState.SERVING);
    }

    @Test
    void leadOfAnEarlierLifeIsBuriedWhenTheServerWasRestarted() {
        leader = ofAnotherLife(leader(4, "n2", LeaderState.SERVING, 9));
        guard = guard(GuardStatus.State.RUNNING, 0, 4, 0);

        Decision decision = decide(START);

        assertThat(decision).isInstanceOf(Decision.Bury.class);
        assertThat(((Decision.Bury) decision).next().releasedFenced()).isTrue();
    }

    @Test
    void leadThatTheOwnGuardNeverSawIsAnotherMachinesAndIsWaitedFor() {
        leader = ofAnotherLife(leader(4, "n2", LeaderState.SERVING, 9));
        guard = guard(GuardStatus.State.RUNNING, 0, 3, 0);

        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void leadOfAnEarlierLifeIsNotBuriedWhileTheServerIsWritable() {
        leader = ofAnotherLife(leader(4, "n2", LeaderState.SERVING, 9));
        guard = guard(GuardStatus.State.RUNNING, 0, 4, 0);
        facts = facts(false, U1 + ":1-10", null);

        assertThat(decide(START)).isInstanceOf(Decision.MakeReadOnly.class);
    }

    @Test
    void appointedNodeTakesTheLeadUp() {
        leader = ofAnotherLife(leader(4, "n2", LeaderState.PROMOTING, 2));

        Decision decision = decide(START);

        assertThat(decision).isInstanceOf(Decision.Acquire.class);
        assertThat(((Decision.Acquire) decision).next().state()).isEqualTo(LeaderState.PROMOTING);
    }

    @Test
    void lastPrimaryResumesInPlaceWhenNobodyElseTookOver() {
        lastPrimary = "n2";
        leader = leader(3, "n2", LeaderState.SERVING, 7).released(true, U1 + ":1-9", "crashed");

        assertThat(decide(START)).isInstanceOf(Decision.Idle.class);
        memory = memory.next(observation(START));
        Decision decision = decide(after(1000));

        assertThat(decision).isInstanceOf(Decision.Acquire.class);
        LeaderRecord next = ((Decision.Acquire) decision).next();
        assertThat(next.epoch()).isEqualTo(4);
        assertThat(next.state()).isEqualTo(LeaderState.PROMOTING);
        assertThat(next.floor()).isEqualTo(U1 + ":1-9");
    }

    @Test
    void writableServerWithoutTheLeadIsMadeReadOnly() {
        facts = facts(false, U1 + ":1-10", address("n1"));

        assertThat(decide(START)).isInstanceOf(Decision.MakeReadOnly.class);
    }

    @Test
    void servingPrimaryWhoseServerIsReadOnlyBeginsAgain() {
        holds(LeaderState.SERVING);

        assertThat(decide(START)).isInstanceOf(Decision.Restore.class);
    }

    @Test
    void lostLeaderRecordIsNobodysInvitation() {
        Observation seen =
                new Observation(
                        START,
                        self("n2"),
                        snapshot(null, SYNC, "n1", member("n2", replicaOf("n1"))),
                        true,
                        null,
                        new ObservedLease(null, START),
                        null,
                        server(),
                        null);

        assertThat(NodeRules.decide(seen, memory)).isInstanceOf(Decision.Blocked.class);
    }

    private void holds(LeaderState state) {
        leader = leader(4, "n2", state, 5);
        tenure = new Tenure(leader, 90, BOOT + 3000);
        guard = guard(GuardStatus.State.RUNNING, BOOT + 3000, 4, 0);
    }

    private static LeaderRecord withFloor(LeaderRecord record, String floor) {
        LeaderRecord renewed = record.renewed(floor);
        return new LeaderRecord(
                1,
                renewed.epoch(),
                renewed.holder(),
                renewed.incarnation(),
                renewed.ttlMs(),
                record.seq(),
                renewed.state(),
                false,
                floor,
                renewed.address(),
                renewed.serverUuid(),
                renewed.reason());
    }

    private static LeaderRecord ofAnotherLife(LeaderRecord record) {
        return new LeaderRecord(
                1,
                record.epoch(),
                record.holder(),
                "an earlier life",
                record.ttlMs(),
                record.seq(),
                record.state(),
                false,
                record.floor(),
                record.address(),
                record.serverUuid(),
                record.reason());
    }

    private Decision decide(Moment now) {
        Observation seen = observation(now);
        return NodeRules.decide(seen, memory.next(seen));
    }

    private ServerView server() {
        return new ServerView(guard, BOOT, facts, true, failure, "", failingSince);
    }

    private Observation observation(Moment now) {
        ClusterSnapshot seen =
                snapshot(
                        leader,
                        sync,
                        lastPrimary,
                        member("n2", replicaOf("n1")),
                        member("n3", replicaOf("n1")));
        if (paused) {
            seen =
                    new ClusterSnapshot(
                            seen.revision(),
                            seen.leader(),
                            seen.sync(),
                            seen.members(),
                            seen.proxies(),
                            null,
                            seen.acks(),
                            seen.settings(),
                            new PauseRecord(1, "me", 0),
                            seen.lastChange());
        }
        return new Observation(
                now,
                self("n2"),
                seen,
                storeAnswers,
                null,
                new ObservedLease(leader, START),
                tenure,
                server(),
                null);
    }
}
