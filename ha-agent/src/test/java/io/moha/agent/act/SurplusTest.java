package io.moha.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.state.NodeState;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurplusTest {

    private static final String OWN = "11111111-1111-1111-1111-111111111111";
    private static final String OTHER = "22222222-2222-2222-2222-222222222222";

    @Test
    void whatAFailoverInSyncLeftBehindWasNeverAcknowledged() {
        assertThat(isNever(OWN + ":9-10", lead(SyncMode.SYNC, true), failoverFrom("n1"))).isTrue();
    }

    @Test
    void withoutWaitingForAcknowledgementsItMayHaveBeen() {
        assertThat(isNever(OWN + ":9", lead(SyncMode.ASYNC, true), failoverFrom("n1"))).isFalse();
        assertThat(isNever(OWN + ":9", lead(SyncMode.SYNC, false), failoverFrom("n1"))).isFalse();
    }

    @Test
    void whatIsOfAnotherServerOrAnotherTimeMayHaveBeen() {
        NodeState.Lead lead = lead(SyncMode.SYNC, true);

        assertThat(isNever(OWN + ":9," + OTHER + ":3", lead, failoverFrom("n1"))).isFalse();
        assertThat(isNever(OWN + ":9", lead, failoverFrom("n3"))).isFalse();
        assertThat(Surplus.judge(OWN + ":9", "n1", OWN, null, null).neverAcknowledged()).isFalse();
    }

    @Test
    void aForcedOrLossyChangeProvesNothing() {
        NodeState.Lead lead = lead(SyncMode.SYNC, true);

        assertThat(isNever(OWN + ":9", lead, change(HistoryRecord.Kind.FORCED, ""))).isFalse();
        assertThat(isNever(OWN + ":9", lead, change(HistoryRecord.Kind.FAILOVER, OWN + ":9")))
                .isFalse();
    }

    private static boolean isNever(String gtids, NodeState.Lead lead, HistoryRecord last) {
        return Surplus.judge(gtids, "n1", OWN, lead, last).neverAcknowledged();
    }

    private static HistoryRecord failoverFrom(String node) {
        return new HistoryRecord(
                1, 4, 0, HistoryRecord.Kind.FAILOVER, "", node, "n2", Map.of(), "", null);
    }

    private static HistoryRecord change(HistoryRecord.Kind kind, String lost) {
        return new HistoryRecord(1, 4, 0, kind, "", "n1", "n2", Map.of(), lost, null);
    }

    private static NodeState.Lead lead(SyncMode mode, boolean sure) {
        LeaderRecord record =
                new LeaderRecord(
                        1, 3, "n1", "i", 5000, 7, LeaderState.SERVING, false, "", "h:1", OWN, "");
        SyncRecord sync = new SyncRecord(1, mode, 1, List.of("n2"), List.of("n1", "n2"), "c");
        return new NodeState.Lead(record, 90, sync, sure, Map.of());
    }
}
