package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.U1;
import static io.moha.agent.decide.Scenes.U2;
import static io.moha.agent.decide.Scenes.sync;
import static io.moha.agent.decide.Scenes.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElectionRulesTest {

    private static final SyncRecord TWO_ACKERS = sync(SyncMode.SYNC, 1, "n2", "n3");

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,1,2", "2,2,1", "3,1,3", "3,2,2", "4,2,3", "0,1,0", "1,2,0"})
    void quorumLeavesTooFewAckersForAnotherAcknowledgement(int ackers, int acks, int needed) {
        String[] ids = List.of("a", "b", "c", "d").subList(0, ackers).toArray(String[]::new);

        assertThat(ElectionRules.quorum(sync(SyncMode.SYNC, acks, ids))).isEqualTo(needed);
    }

    @Test
    void mostCompleteAckerWins() {
        Tally tally = tally(TWO_ACKERS, "", voter("n2", U1 + ":1-9"), voter("n3", U1 + ":1-10"));

        assertWinner(tally, "n3");
        assertThat(((Tally.Winner) tally).floor()).isEqualTo(GtidSet.parse(U1 + ":1-10"));
    }

    @Test
    void oneOfTwoAckersIsNotEnoughWhenEitherMayHoldTheOnlyCopy() {
        Tally tally = tally(TWO_ACKERS, U1 + ":1-9", voter("n2", U1 + ":1-10"));

        assertThat(tally).isInstanceOf(Tally.Waiting.class);
        assertThat(tally.reason()).contains("2 of the ackers [n2, n3]");
    }

    @Test
    void oneOfTwoAckersIsEnoughWhenBothMustAcknowledge() {
        Tally tally =
                tally(sync(SyncMode.SYNC, 2, "n2", "n3"), U1 + ":1-9", voter("n2", U1 + ":1-10"));

        assertWinner(tally, "n2");
    }

    @Test
    void ackerThatLostItsRelayLogDoesNotCount() {
        Voter purged =
                new Voter(
                        "n3",
                        Scenes.U3,
                        GtidSet.parse(U1 + ":1-3"),
                        GtidSet.parse(U1 + ":1-3"),
                        false,
                        100,
                        false,
                        false);

        Tally tally = tally(TWO_ACKERS, "", voter("n2", U1 + ":1-10"), purged);

        assertThat(tally).isInstanceOf(Tally.Waiting.class);
        assertThat(tally.reason()).contains("n3 (not intact)");
    }

    /** Some server that the cluster does not know, as of another cluster that this one follows. */
    private static final String FOREIGN = "44444444-4444-4444-4444-444444444444";

    @Test
    void whatNobodyAcknowledgedOfAnEarlierPrimaryObligesNobody() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        "",
                        voter("n2", U1 + ":1-9," + Scenes.U3 + ":1"),
                        voter("n3", U1 + ":1-10"));

        assertWinner(tally, "n3");
        assertThat(((Tally.Winner) tally).floor()).isEqualTo(GtidSet.parse(U1 + ":1-10"));
    }

    @Test
    void amongCompleteOnesThoseWithoutUnacknowledgedTransactionsAreChosen() {
        String all = U1 + ":1-10";

        Tally tally =
                tally(
                        TWO_ACKERS,
                        Scenes.U3 + ":1",
                        voter("n2", all + "," + Scenes.U3 + ":1-2"),
                        voter("n3", all + "," + Scenes.U3 + ":1"));

        assertWinner(tally, "n3");
    }

    @Test
    void whoLacksSomethingFetchesItFromOneThatMayNotLead() {
        Voter barred = barred("n2", U1 + ":1-10");
        Ballot ballot = ballot(TWO_ACKERS, "", "n1", barred, voter("n3", U1 + ":1-9"));

        assertThat(ElectionRules.tally(ballot)).isInstanceOf(Tally.Halted.class);
        assertThat(ElectionRules.sourceFor(ballot, "n3")).contains(barred);
        assertThat(ElectionRules.sourceFor(ballot, "n2")).isEmpty();
        // Whoever has what the source lacks would lose it.
        Ballot apart =
                ballot(TWO_ACKERS, "", "n1", barred, voter("n3", U1 + ":1-9," + FOREIGN + ":1"));
        assertThat(ElectionRules.sourceFor(apart, "n3")).isEmpty();
    }

    private static Voter barred(String node, String received) {
        GtidSet has = GtidSet.parse(received);
        return new Voter(node, Scenes.uuid(node), has, has, true, 100, true, false);
    }

    @Test
    void incomparableSetsHaltWithBothDifferences() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        "",
                        voter("n2", U1 + ":1-9," + FOREIGN + ":1"),
                        voter("n3", U1 + ":1-10"));

        assertThat(tally).isInstanceOf(Tally.Halted.class);
        assertThat(tally.reason())
                .contains("n2 lacks " + U1 + ":10")
                .contains("n3 lacks " + FOREIGN + ":1");
    }

    @Test
    void floorThatNobodyContainsHalts() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        U1 + ":1-20",
                        voter("n2", U1 + ":1-9"),
                        voter("n3", U1 + ":1-10"));

        assertThat(tally).isInstanceOf(Tally.Halted.class);
        assertThat(tally.reason()).contains("n3 lacks " + U1 + ":11-20");
    }

    @Test
    void nodeThatMustNeverBePromotedIsPassedOver() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        "",
                        candidate("n2", U1 + ":1-10", 200, true),
                        candidate("n3", U1 + ":1-10", 1, false));

        assertWinner(tally, "n3");
    }

    @Test
    void onlyCompleteNodeMustNotBePromotedSoNobodyIs() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        "",
                        candidate("n2", U1 + ":1-10", 100, true),
                        voter("n3", U1 + ":1-9"));

        assertThat(tally).isInstanceOf(Tally.Halted.class);
        assertThat(tally.reason()).contains("only [n2] have everything");
    }

    @Test
    void amongEqualsPriorityDecidesThenBacklogThenId() {
        Voter behind =
                new Voter(
                        "n2",
                        U2,
                        GtidSet.parse(U1 + ":1-5"),
                        GtidSet.parse(U1 + ":1-10"),
                        true,
                        100,
                        false,
                        false);

        assertWinner(
                tally(
                        TWO_ACKERS,
                        "",
                        candidate("n2", U1 + ":1-10", 50, false),
                        candidate("n3", U1 + ":1-10", 60, false)),
                "n3");
        assertWinner(tally(TWO_ACKERS, "", behind, voter("n3", U1 + ":1-10")), "n3");
        assertWinner(
                tally(TWO_ACKERS, "", voter("n2", U1 + ":1-10"), voter("n3", U1 + ":1-10")), "n2");
    }

    @Test
    void nodeWithBrokenApplierReportsButDoesNotWin() {
        Voter broken =
                new Voter(
                        "n2",
                        U2,
                        GtidSet.parse(U1 + ":1-5"),
                        GtidSet.parse(U1 + ":1-10"),
                        true,
                        100,
                        false,
                        true);

        assertWinner(tally(TWO_ACKERS, "", broken, voter("n3", U1 + ":1-10")), "n3");
    }

    @Test
    void whatSomebodyWroteOnAReplicaItselfObligesNobodyAndKeepsItOut() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        "",
                        voter("n2", U1 + ":1-10," + U2 + ":1-2"),
                        voter("n3", U1 + ":1-10"));

        assertWinner(tally, "n3");
    }

    @Test
    void lastPrimaryIsNoAckerForTheQuorumButMayResumeWithEverything() {
        Tally tally =
                tally(
                        TWO_ACKERS,
                        U1 + ":1-9",
                        voter("n1", U1 + ":1-12"),
                        voter("n2", U1 + ":1-10"));

        assertWinner(tally, "n1");
        // What nobody else has, nobody acknowledged: it must not bind a later election.
        assertThat(((Tally.Winner) tally).floor()).isEqualTo(GtidSet.parse(U1 + ":1-10"));
    }

    @Test
    void voteOfANodeWhoseServerIsDownIsNone() {
        MemberReport down = Scenes.report(NodeRole.DOWN, 4, false, -1, null);
        MemberReport voted = Scenes.report(NodeRole.REPLICA, 4, false, -1, null);

        Ballot ballot =
                Ballot.of(
                        Scenes.snapshot(
                                Scenes.leader(4, "n3", LeaderState.ELECTING, 1),
                                TWO_ACKERS,
                                "n1",
                                Scenes.member("n2", down),
                                Scenes.member("n3", voted)),
                        Scenes.leader(4, "n3", LeaderState.ELECTING, 1),
                        TWO_ACKERS,
                        false,
                        true);

        assertThat(ballot.voters()).extracting(Voter::id).containsExactly("n3");
        assertThat(ballot.silent()).isEmpty();
    }

    @Test
    void lastPrimaryThatLostDataDoesNotResume() {
        Tally tally = tally(TWO_ACKERS, U1 + ":1-9", voter("n1", U1 + ":1-4"));

        assertThat(tally).isInstanceOf(Tally.Halted.class);
        assertThat(tally.reason()).contains("n1, which served last, lacks " + U1 + ":5-9");
    }

    @Test
    void aQuorumWaitsAMomentForLivingMembers() {
        List<Voter> voters = List.of(voter("n2", U1 + ":1-10"));
        SyncRecord one = sync(SyncMode.SYNC, 1, "n2");

        Tally patient =
                ElectionRules.tally(
                        new Ballot(
                                one,
                                GtidSet.empty(),
                                "n1",
                                Set.of(),
                                voters,
                                List.of("n3"),
                                false,
                                false));
        Tally later =
                ElectionRules.tally(
                        new Ballot(
                                one,
                                GtidSet.empty(),
                                "n1",
                                Set.of(),
                                voters,
                                List.of("n3"),
                                false,
                                true));

        assertThat(patient).isInstanceOf(Tally.Waiting.class);
        assertWinner(later, "n2");
    }

    @Test
    void singlePrimaryIsTheOnlyOneThatMayResume() {
        SyncRecord spm = sync(SyncMode.SPM, 1);

        assertThat(tally(spm, U1 + ":1", voter("n2", U1 + ":1-10")))
                .isInstanceOf(Tally.Waiting.class);
        assertWinner(tally(spm, U1 + ":1", voter("n1", U1 + ":1-9")), "n1");
    }

    @Test
    void asynchronousClusterHaltsRatherThanLosesUnlessLossIsAllowed() {
        SyncRecord async = sync(SyncMode.ASYNC, 1);
        List<Voter> voters = List.of(voter("n2", U1 + ":1-8"), voter("n3", U1 + ":1-7"));
        GtidSet floor = GtidSet.parse(U1 + ":1-10");

        Tally strict =
                ElectionRules.tally(
                        new Ballot(async, floor, "n1", Set.of(), voters, List.of(), false, true));
        Tally lax =
                ElectionRules.tally(
                        new Ballot(async, floor, "n1", Set.of(), voters, List.of(), true, true));

        assertThat(strict).isInstanceOf(Tally.Halted.class);
        assertWinner(lax, "n2");
        assertThat(((Tally.Winner) lax).lost()).isEqualTo(GtidSet.parse(U1 + ":9-10"));
        assertThat(Tally.lostIn(((Tally.Winner) lax).fullReason())).isEqualTo(U1 + ":9-10");
    }

    @Test
    void firstPrimaryNeedsEveryMember() {
        SyncRecord fresh = sync(SyncMode.ASYNC, 1);

        Tally two = first(fresh, voter("n1", ""), voter("n2", ""));
        Tally three = first(fresh, voter("n1", ""), voter("n2", ""), voter("n3", ""));

        assertThat(two).isInstanceOf(Tally.Waiting.class);
        assertThat(two.reason()).contains("missing: [n3]");
        assertWinner(three, "n1");
    }

    private static Voter candidate(String node, String received, int priority, boolean never) {
        return new Voter(
                node,
                Scenes.uuid(node),
                GtidSet.parse(received),
                GtidSet.parse(received),
                true,
                priority,
                never,
                false);
    }

    private static Tally tally(SyncRecord sync, String floor, Voter... voters) {
        return counted(sync, floor, "n1", voters);
    }

    private static Tally first(SyncRecord sync, Voter... voters) {
        return counted(sync, "", null, voters);
    }

    private static Tally counted(
            SyncRecord sync, String floor, @Nullable String last, Voter... voters) {
        return ElectionRules.tally(ballot(sync, floor, last, voters));
    }

    private static Ballot ballot(
            SyncRecord sync, String floor, @Nullable String last, Voter... voters) {
        return new Ballot(
                sync,
                GtidSet.parse(floor),
                last,
                former(last, voters),
                List.of(voters),
                List.of(),
                false,
                true);
    }

    private static Set<String> former(@Nullable String last, Voter... voters) {
        return last == null
                ? Set.of()
                : Stream.of(voters)
                        .filter(voter -> !voter.id().equals(last))
                        .map(Voter::serverUuid)
                        .collect(Collectors.toSet());
    }

    private static void assertWinner(Tally tally, String node) {
        assertThat(tally).as(tally.reason()).isInstanceOf(Tally.Winner.class);
        assertThat(((Tally.Winner) tally).node()).isEqualTo(node);
    }
}
