package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.START;
import static io.moha.agent.decide.Scenes.address;
import static io.moha.agent.decide.Scenes.after;
import static io.moha.agent.decide.Scenes.member;
import static io.moha.agent.decide.Scenes.policy;
import static io.moha.agent.decide.Scenes.replicaOf;
import static io.moha.agent.decide.Scenes.report;
import static io.moha.agent.decide.Scenes.semiSync;
import static io.moha.agent.decide.Scenes.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.decide.Policy.Durability;
import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** n1 is the primary. */
class SyncRulesTest {

    private final Map<String, MemberRecord> members = new HashMap<>();
    private final Map<String, Moment> missing = new HashMap<>();
    private @Nullable Moment shortSince;

    @Test
    void replicaThatKeepsUpBecomesAcker() {
        have("n2", replicaOf("n1"));

        assertThat(next(sync(SyncMode.ASYNC, 1), semiSync(false, 0), Durability.SAFE))
                .isEqualTo(new SyncStep.Grow("n2", "receives and keeps up"));
    }

    @Test
    void replicaThatLagsOrFollowsAnotherDoesNot() {
        have("n2", report(NodeRole.REPLICA, 0, true, 5000, address("n1")));
        have("n3", replicaOf("n2"));

        assertThat(next(sync(SyncMode.ASYNC, 1), semiSync(false, 0), Durability.SAFE))
                .isInstanceOf(SyncStep.None.class);
    }

    @Test
    void syncIsRecordedOnlyOnceEnoughRecordedAckersAreConnected() {
        SyncRecord grown = sync(SyncMode.ASYNC, 1, "n2");
        have("n2", replicaOf("n1"));

        assertThat(next(grown, semiSync(false, 0), Durability.SAFE))
                .isInstanceOf(SyncStep.None.class);
        assertThat(next(grown, semiSync(false, 1), Durability.SAFE))
                .isInstanceOf(SyncStep.EnterSync.class);
    }

    @Test
    void recordedSyncIsEnforcedOnTheServer() {
        assertThat(next(sync(SyncMode.SYNC, 1, "n2"), semiSync(false, 1), Durability.SAFE))
                .isInstanceOf(SyncStep.Enforce.class);
    }

    @Test
    void lostAckersDegradeAsThePolicySaysAndNotBeforeItsGrace() {
        SyncRecord sync = sync(SyncMode.SYNC, 1, "n2");
        SemiSyncFacts nobody = semiSync(true, 0);
        shortSince = START;

        assertThat(next(sync, nobody, Durability.SAFE, after(2900)))
                .isInstanceOf(SyncStep.None.class);
        assertThat(next(sync, nobody, Durability.SAFE, after(3000)))
                .isEqualTo(new SyncStep.Degrade(SyncMode.SPM, "0 of 1 needed ackers connected"));
        assertThat(next(sync, nobody, Durability.AVAILABLE, after(3000)))
                .isEqualTo(new SyncStep.Degrade(SyncMode.ASYNC, "0 of 1 needed ackers connected"));
        assertThat(next(sync, nobody, Durability.STRICT, after(600_000)))
                .isInstanceOf(SyncStep.None.class);
    }

    @Test
    void ackerThatWentAwayIsStruckOffWhileEnoughOthersAcknowledge() {
        SyncRecord sync = sync(SyncMode.SYNC, 1, "n2", "n3");
        have("n2", replicaOf("n1"));
        missing.put("n3", START);

        assertThat(next(sync, semiSync(true, 1), Durability.SAFE, after(2000)))
                .isInstanceOf(SyncStep.None.class);
        assertThat(next(sync, semiSync(true, 1), Durability.SAFE, after(3000)))
                .isEqualTo(new SyncStep.Shrink("n3", "acknowledges no more"));
    }

    @Test
    void ackerForWhichNobodySpeaksIsStruckOffThoughItsServerSeemsConnected() {
        SyncRecord sync = sync(SyncMode.SYNC, 1, "n2", "n3");
        have("n2", replicaOf("n1"));
        missing.put("n3", START);

        assertThat(next(sync, semiSync(true, 2), Durability.SAFE, after(2000)))
                .isInstanceOf(SyncStep.None.class);
        assertThat(next(sync, semiSync(true, 2), Durability.SAFE, after(3000)))
                .isEqualTo(new SyncStep.Shrink("n3", "acknowledges no more"));
    }

    @Test
    void waitThatCouldEndByItselfIsEnforcedAnew() {
        SyncRecord sync = sync(SyncMode.SYNC, 1, "n2");
        have("n2", replicaOf("n1"));

        assertThat(next(sync, new SemiSyncFacts(true, true, 1, 1, 0, true, false), Durability.SAFE))
                .isInstanceOf(SyncStep.Enforce.class);
        assertThat(next(sync, new SemiSyncFacts(true, true, 1, 2, 0, true, true), Durability.SAFE))
                .isInstanceOf(SyncStep.Enforce.class);
    }

    @Test
    void ackerThatSaysItDoesNotReceiveIsStruckOffThoughItIsConnected() {
        SyncRecord sync = sync(SyncMode.SYNC, 1, "n2", "n3");
        have("n2", replicaOf("n1"));
        // Without space its receiver hears nothing, and nothing ends it.
        have("n3", report(NodeRole.REPLICA, 0, false, 0, address("n1")));
        missing.put("n3", START);

        assertThat(next(sync, semiSync(true, 2), Durability.SAFE, after(2000)))
                .isNotInstanceOf(SyncStep.Shrink.class);
        assertThat(next(sync, semiSync(true, 2), Durability.SAFE, after(3000)))
                .isEqualTo(new SyncStep.Shrink("n3", "acknowledges no more"));
    }

    @Test
    void neededAckersAreNeverStruckOff() {
        SyncRecord sync = sync(SyncMode.SYNC, 2, "n2", "n3");
        have("n2", replicaOf("n1"));
        missing.put("n3", START);
        shortSince = START;

        assertThat(next(sync, semiSync(true, 1), Durability.STRICT, after(60_000)))
                .isNotInstanceOf(SyncStep.Shrink.class);
    }

    @Test
    void degradedPrimaryStopsWaitingForNobody() {
        assertThat(next(sync(SyncMode.SPM, 1), semiSync(true, 0), Durability.SAFE))
                .isInstanceOf(SyncStep.Relax.class);
    }

    @Test
    void promotionWaitsForAckersBeforeItServes() {
        have("n2", replicaOf("n1"));
        SyncView seen = view(sync(SyncMode.SYNC, 1, "n2"), semiSync(true, 0));

        assertThat(readiness(seen, Durability.SAFE, 100))
                .isInstanceOf(PromotionRules.Readiness.Wait.class);
        assertThat(
                        readiness(
                                view(sync(SyncMode.SYNC, 1, "n2"), semiSync(true, 1)),
                                Durability.SAFE,
                                100))
                .isEqualTo(new PromotionRules.Readiness.Ready(1, false, "in sync with [n2]"));
    }

    @Test
    void promotionWithoutAnyReplicaShrinksLawfullyOrWaits() {
        SyncView alone = view(sync(SyncMode.ASYNC, 1), semiSync(false, 0));

        assertThat(readiness(alone, Durability.SAFE, 100))
                .isInstanceOf(PromotionRules.Readiness.Wait.class);
        assertThat(readiness(alone, Durability.SAFE, 3000))
                .isEqualTo(
                        new PromotionRules.Readiness.First(
                                new SyncStep.Degrade(SyncMode.SPM, "no ackers to be had")));
        assertThat(readiness(alone, Durability.STRICT, 60_000))
                .isInstanceOf(PromotionRules.Readiness.Wait.class);
        assertThat(readiness(alone, Durability.AVAILABLE, 0))
                .isInstanceOf(PromotionRules.Readiness.Ready.class);
    }

    @Test
    void onlyMemberDoesNotWaitForReplicasItCannotHave() {
        SyncRecord single =
                new SyncRecord(
                        1, SyncMode.ASYNC, 1, java.util.List.of(), java.util.List.of("n1"), "c");

        assertThat(readiness(view(single, semiSync(false, 0)), Durability.SAFE, 0))
                .isInstanceOf(PromotionRules.Readiness.First.class);
    }

    private void have(String node, MemberReport report) {
        members.put(node, member(node, report));
    }

    private SyncView view(SyncRecord sync, SemiSyncFacts semiSync) {
        return new SyncView("n1", address("n1"), sync, members, semiSync, shortSince, missing);
    }

    private static PromotionRules.Readiness readiness(
            SyncView seen, Durability durability, long millis) {
        return PromotionRules.judge(seen, policy(durability), after(millis), START);
    }

    private SyncStep next(SyncRecord sync, SemiSyncFacts semiSync, Durability durability) {
        return next(sync, semiSync, durability, START);
    }

    private SyncStep next(
            SyncRecord sync, SemiSyncFacts semiSync, Durability durability, Moment now) {
        return SyncRules.next(view(sync, semiSync), policy(durability), now);
    }
}
