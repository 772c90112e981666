package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.U1;
import static io.moha.agent.decide.Scenes.U2;
import static io.moha.agent.decide.Scenes.address;
import static io.moha.agent.decide.Scenes.leader;
import static io.moha.agent.decide.Scenes.member;
import static io.moha.agent.decide.Scenes.replicaOf;
import static io.moha.agent.decide.Scenes.report;
import static io.moha.agent.decide.Scenes.snapshot;
import static io.moha.agent.decide.Scenes.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.decide.SwitchoverRules.Answer;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SwitchoverRulesTest {

    private static final LeaderRecord LEADER = leader(3, "n1", LeaderState.SERVING, 7);
    private static final SyncRecord SYNC = sync(SyncMode.SYNC, 1, "n2", "n3");

    private static Answer judge(SyncRecord sync, @Nullable String to, MemberRecord... others) {
        return SwitchoverRules.judge(snapshot(LEADER, sync, "n1", others), LEADER, sync, to);
    }

    private static MemberReport lagging(long millis) {
        return report(NodeRole.REPLICA, 0, true, millis, address("n1"));
    }

    @Test
    void aReplicaThatKeepsUpMayTakeOver() {
        assertThat(judge(SYNC, "n2", member("n2", replicaOf("n1"))))
                .isEqualTo(new Answer.Go(member("n2", replicaOf("n1"))));
    }

    @Test
    void oneThatOnlyLagsIsWaitedFor() {
        assertThat(judge(SYNC, "n2", member("n2", lagging(4000))))
                .isEqualTo(new Answer.NotYet("n2: lags 4000 ms"));
    }

    @Test
    void oneThatWillSoonAcknowledgeIsWaitedFor() {
        assertThat(judge(sync(SyncMode.SYNC, 1, "n3"), "n2", member("n2", replicaOf("n1"))))
                .isEqualTo(new Answer.NotYet("n2: does not acknowledge yet"));
    }

    @Test
    void oneThatDoesNotReceiveIsRefused() {
        MemberReport stopped = report(NodeRole.REPLICA, 0, false, -1, address("n1"));

        assertThat(judge(SYNC, "n2", member("n2", stopped)))
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.reason()).contains("does not receive"));
    }

    @Test
    void withoutAWishAnyWhoIsReadyIsTakenAndElseWaitedFor() {
        MemberRecord slow = member("n2", lagging(4000));

        assertThat(judge(SYNC, null, slow, member("n3", replicaOf("n1"))))
                .isEqualTo(new Answer.Go(member("n3", replicaOf("n1"))));
        assertThat(judge(SYNC, null, slow))
                .isEqualTo(new Answer.NotYet("nobody can take over; n2: lags 4000 ms"));
        assertThat(judge(SYNC, null)).isEqualTo(new Answer.No("there is no other member"));
    }

    @Test
    void oneThatHasMoreOrRunsAnOlderServerIsUnfit() {
        ServerFacts source = Scenes.facts(false, U1 + ":1-10", null);

        assertThat(SwitchoverRules.unfit(member("n2", replicaOf("n1")), source)).isEmpty();
        assertThat(SwitchoverRules.unfit(member("n2", with(U1 + ":1-9", "9.7.1")), source))
                .isEmpty();
        assertThat(
                        SwitchoverRules.unfit(
                                member("n2", with(U1 + ":1-9," + U2 + ":1", "8.4.10")), source))
                .containsExactly(
                        "n2 has what the primary lacks: " + U2 + ":1",
                        "n2 runs MySQL 8.4.10, older than the primary's 9.7.0");
    }

    private static MemberReport with(String executed, String version) {
        return new MemberReport(
                NodeRole.REPLICA,
                "",
                0,
                executed,
                "",
                true,
                true,
                true,
                0,
                address("n1"),
                version,
                null);
    }
}
