package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.START;
import static io.moha.agent.decide.Scenes.U1;
import static io.moha.agent.decide.Scenes.U2;
import static io.moha.agent.decide.Scenes.U3;
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
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** n2, whose server names transactions of which a copy that ended half-way took the rows. */
class HalfCopyTest {

    private static final SyncRecord SYNC = sync(SyncMode.SYNC, 1, "n3");

    @Test
    void itIsCopiedAgainAndFollowsNobodyUntilThen() {
        assertThat(decide(leader(3, "n1", LeaderState.SERVING, 7), START, true))
                .isEqualTo(
                        new Decision.Rebuild(
                                "10.0.0.1",
                                3306,
                                "",
                                null,
                                "a copy of the primary's data ended half-way"));
        assertThat(decide(leader(3, "n1", LeaderState.SERVING, 7), START, false))
                .isInstanceOf(Decision.Follow.class);
    }

    @Test
    void itTakesNoPartInElections() {
        LeaderRecord electing = leader(4, "n3", LeaderState.ELECTING, 1);
        LeaderRecord released =
                leader(3, "n1", LeaderState.SERVING, 7).released(true, U1 + ":1-9", "crashed");

        assertThat(decide(electing, START, true)).isInstanceOf(Decision.Quarantine.class);
        assertThat(decide(electing, START, false)).isInstanceOf(Decision.Freeze.class);
        assertThat(decide(released, after(10_000), true)).isInstanceOf(Decision.Quarantine.class);
        assertThat(decide(released, after(10_000), false)).isInstanceOf(Decision.Idle.class);
    }

    @Test
    void theLeadThatIsGivenToItIsNotTaken() {
        LeaderRecord promoting = leader(4, "n2", LeaderState.PROMOTING, 1);

        assertThat(decide(promoting, START, true)).isInstanceOf(Decision.Quarantine.class);
        assertThat(decide(promoting, START, false)).isInstanceOf(Decision.Acquire.class);
    }

    @Test
    void itIsNotIntactBecauseItNamesEverything() {
        LeaderRecord before = leader(3, "n1", LeaderState.SERVING, 7);
        LeaderRecord later = leader(3, "n1", LeaderState.SERVING, 17);

        Intactness doubtful =
                Intactness.unknown().next(observation(before, START, true), false, true);
        assertThat(doubtful.next(observation(later, after(100), true), false, true).intact())
                .isFalse();
        assertThat(doubtful.next(observation(later, after(100), false), false, true).intact())
                .isTrue();
    }

    @Test
    void whoseDataAreThrownAwayIsNotIntactWhetherOrNotItIsSeen() {
        LeaderRecord leading = leader(3, "n1", LeaderState.SERVING, 7);
        Intactness intact =
                Intactness.unknown().next(observation(leading, START, false), true, false);
        assertThat(intact.intact()).isTrue();

        Observation unseen = observation(leading, START, false, null);
        assertThat(intact.next(unseen, true, true).intact()).isFalse();
    }

    @Test
    void whatItWroteUnderFormerNamesIsKnownToTheElection() {
        LeaderRecord electing = leader(4, "n3", LeaderState.ELECTING, 1);
        ClusterSnapshot seen =
                snapshot(
                        electing,
                        SYNC,
                        "n1",
                        member("n1", replicaOf("n3")).formerly(List.of("an older one", U1)),
                        member("n2", replicaOf("n3")).formerly(List.of("another")),
                        member("n3", replicaOf("n1")));

        // What bears the name that the last primary has now, somebody may rely on.
        assertThat(Ballot.of(seen, electing, SYNC, false, false).former())
                .containsExactlyInAnyOrder("an older one", U2, "another", U3);
    }

    @Test
    void nameOfALostPrimaryIsNoFormerOneWhoeverBoreItToo() {
        LeaderRecord electing = leader(4, "n3", LeaderState.ELECTING, 1);
        ClusterSnapshot seen =
                snapshot(
                        electing,
                        SYNC,
                        "n1",
                        member("n2", replicaOf("n3")).formerly(List.of("another", U1)),
                        member("n3", replicaOf("n2")));

        assertThat(Ballot.of(seen, electing, SYNC, false, false).former())
                .containsExactlyInAnyOrder("another", U2, U3);
    }

    private static Decision decide(LeaderRecord leader, Moment now, boolean gutted) {
        Observation seen = observation(leader, now, gutted);
        return NodeRules.decide(seen, Memory.fresh().next(seen));
    }

    private static Observation observation(LeaderRecord leader, Moment now, boolean gutted) {
        return observation(leader, now, gutted, facts(true, U1 + ":1-10", address("n1")));
    }

    private static Observation observation(
            LeaderRecord leader, Moment now, boolean gutted, @Nullable ServerFacts facts) {
        return new Observation(
                now,
                self("n2"),
                snapshot(
                        leader,
                        SYNC,
                        "n1",
                        member("n2", replicaOf("n1")),
                        member("n3", replicaOf("n1"))),
                true,
                null,
                new ObservedLease(leader, START),
                null,
                new ServerView(
                        guard(GuardStatus.State.RUNNING, 0, 0, 0),
                        50_000,
                        facts,
                        true,
                        gutted,
                        null,
                        "",
                        null),
                null);
    }
}
