package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.START;
import static io.moha.agent.decide.Scenes.after;
import static io.moha.agent.decide.Scenes.guard;
import static io.moha.agent.decide.Scenes.leader;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.guard.GuardStatus;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import org.junit.jupiter.api.Test;

class LeaseRulesTest {

    private static final LeaderRecord SEEN = leader(3, "n1", LeaderState.SERVING, 7);

    @Test
    void leaseThatStandsStillForItsTtlIsOver() {
        ObservedLease lease = new ObservedLease(null, START).observe(SEEN, START);

        assertThat(lease.isExpired(after(5000))).isFalse();
        assertThat(lease.isExpired(after(5001))).isTrue();
    }

    @Test
    void everyRenewalBeginsTheWaitAnew() {
        ObservedLease lease =
                new ObservedLease(null, START)
                        .observe(SEEN, START)
                        .observe(SEEN.renewed(""), after(4000));

        assertThat(lease.isExpired(after(8999))).isFalse();
        assertThat(lease.isExpired(after(9001))).isTrue();
    }

    @Test
    void readingTheSameAgainDoesNotBeginTheWaitAnew() {
        ObservedLease lease =
                new ObservedLease(null, START).observe(SEEN, START).observe(SEEN, after(4000));

        assertThat(lease.isExpired(after(5001))).isTrue();
    }

    @Test
    void missingRecordNeverExpires() {
        ObservedLease lease = new ObservedLease(null, START).observe(SEEN, START);

        assertThat(lease.observe(null, after(1)).isExpired(after(100_000))).isFalse();
    }

    @Test
    void aHolderWhoseServerIsKilledOrWhoseTimeIsOverRenewsNoMore() {
        Tenure serving = new Tenure(SEEN, 90, 8_000);
        Tenure electing = new Tenure(leader(3, "n1", LeaderState.ELECTING, 7), 90, 8_000);
        GuardStatus runs = guard(GuardStatus.State.RUNNING, 8_000, 3, 2);
        GuardStatus dying = guard(GuardStatus.State.DYING, 0, 3, 3);

        assertThat(serving.isOver(7_999)).isFalse();
        assertThat(serving.isOver(8_000)).isTrue();
        assertThat(serving.isDying(runs)).isFalse();
        assertThat(serving.isDying(dying)).isTrue();
        // What has no writable server is ended by nobody but a later epoch.
        assertThat(electing.isOver(9_000)).isFalse();
        assertThat(electing.isDying(dying)).isFalse();
    }

    @Test
    void ownRecordWithALaterNumberIsAWriteWhoseAnswerWasLost() {
        assertThat(LeaseRules.onCompareFailed(SEEN, SEEN.renewed("")))
                .isInstanceOf(LeaseRules.Verdict.Adopt.class);
    }

    @Test
    void anotherHolderOrLifeMeansTheLeadIsLost() {
        LeaderRecord otherLife =
                new LeaderRecord(
                        1,
                        3,
                        "n1",
                        "another life",
                        Scenes.TTL_MS,
                        8,
                        LeaderState.SERVING,
                        false,
                        "",
                        "",
                        "",
                        "");

        assertThat(LeaseRules.onCompareFailed(SEEN, leader(4, "n2", LeaderState.PROMOTING, 1)))
                .isInstanceOf(LeaseRules.Verdict.Lost.class);
        assertThat(LeaseRules.onCompareFailed(SEEN, otherLife))
                .isInstanceOf(LeaseRules.Verdict.Lost.class);
    }

    @Test
    void anElectionThatPromotedNobodyIsAChallenge() {
        assertThat(LeaseRules.onCompareFailed(SEEN, leader(4, "n2", LeaderState.ELECTING, 1)))
                .isInstanceOf(LeaseRules.Verdict.Challenged.class);
    }

    @Test
    void leadThatThisHolderTookBackIsItsOwn() {
        assertThat(LeaseRules.onCompareFailed(SEEN, leader(5, "n1", LeaderState.SERVING, 1)))
                .isInstanceOf(LeaseRules.Verdict.Adopt.class);
    }

    @Test
    void storeThatKnowsLessThanItDidHasForgotten() {
        assertThat(LeaseRules.onCompareFailed(SEEN, null))
                .isInstanceOf(LeaseRules.Verdict.Forgotten.class);
        assertThat(LeaseRules.onCompareFailed(SEEN, leader(2, "n2", LeaderState.SERVING, 90)))
                .isInstanceOf(LeaseRules.Verdict.Forgotten.class);
        assertThat(LeaseRules.onCompareFailed(SEEN, leader(3, "n1", LeaderState.SERVING, 1)))
                .isInstanceOf(LeaseRules.Verdict.Forgotten.class);
    }
}
