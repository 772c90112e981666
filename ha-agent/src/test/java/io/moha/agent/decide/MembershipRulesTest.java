package io.moha.agent.decide;

import static io.moha.agent.decide.Scenes.U1;
import static io.moha.agent.decide.Scenes.U2;
import static io.moha.agent.decide.Scenes.U3;
import static io.moha.agent.decide.Scenes.address;
import static io.moha.agent.decide.Scenes.leader;
import static io.moha.agent.decide.Scenes.member;
import static io.moha.agent.decide.Scenes.replicaOf;
import static io.moha.agent.decide.Scenes.snapshot;
import static io.moha.agent.decide.Scenes.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** n1 is the primary, n2 its replica; n4 was never declared. */
class MembershipRulesTest {

    private static final String U4 = "44444444-4444-4444-4444-444444444444";
    private static final String EXECUTED = U1 + ":1-9";

    private final SyncRecord sync = sync(SyncMode.SYNC, 1, "n2");

    @Test
    void serverWithoutDataOfItsOwnIsAdmitted() {
        assertThat(newcomer(U4, "")).contains("n4");
        assertThat(newcomer(U4, U1 + ":1-3")).contains("n4");
        assertThat(sync.withMember("n4").members()).containsExactly("n1", "n2", "n3", "n4");
    }

    @Test
    void serverWithTransactionsThatThePrimaryLacksIsNot() {
        assertThat(newcomer(U4, U3 + ":1")).isEmpty();
        assertThat(newcomer(U4, U1 + ":1-10")).isEmpty();
    }

    @Test
    void copyOfAnotherNodesServerIsNot() {
        assertThat(newcomer(U2, "")).isEmpty();
        assertThat(newcomer("", "")).isEmpty();
    }

    private Optional<String> newcomer(String uuid, String executed) {
        MemberReport report =
                new MemberReport(
                        NodeRole.TRANSITION,
                        "",
                        0,
                        executed,
                        "",
                        true,
                        false,
                        false,
                        -1,
                        null,
                        "9.7.0",
                        null);
        MemberRecord stranger =
                new MemberRecord(
                        1, "n4", uuid, address("n4"), "", "", 100, false, 1, "i-n4", report);
        ClusterSnapshot seen =
                snapshot(
                        leader(1, "n1", LeaderState.SERVING, 1),
                        sync,
                        "n1",
                        member("n2", replicaOf("n1")),
                        stranger);
        return MembershipRules.newcomer(seen, sync, EXECUTED);
    }
}
