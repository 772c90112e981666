package io.moha.agent.act;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.state.NodeState;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.SyncMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server has and the primary lacks, and what that was worth: whether any client may have
 * been told that it is committed.
 *
 * @param gtids of the transactions
 * @param neverAcknowledged whether it is proven that no client was told so
 * @param why in words
 */
record Surplus(String gtids, boolean neverAcknowledged, String why) {

    /**
     * Judges the surplus {@code gtids} of node {@code self}.
     *
     * @param serverUuid of its server
     * @param lead that it held last; null when it never did
     * @param last the last change of primary; null when there was none
     */
    static Surplus judge(
            String gtids,
            String self,
            String serverUuid,
            NodeState.@Nullable Lead lead,
            @Nullable HistoryRecord last) {
        boolean own = GtidSet.parse(gtids).origins().equals(List.of(serverUuid));
        if (!own) {
            return maybe(gtids, "they are not all of this server's own");
        }
        if (lead == null || last == null || !self.equals(last.from())) {
            return maybe(gtids, "this node did not lead right before the present primary");
        }
        if (lead.sync().mode() != SyncMode.SYNC || !lead.sure()) {
            return maybe(gtids, "commits did not, or not surely, wait for acknowledgements");
        }
        if (last.kind() != HistoryRecord.Kind.FAILOVER || !last.lost().isEmpty()) {
            return maybe(gtids, "the change of primary was one of kind " + last.kind());
        }
        return new Surplus(
                gtids,
                true,
                "commits waited for acknowledgements, and "
                        + last.to()
                        + " took over everything that was acknowledged");
    }

    private static Surplus maybe(String gtids, String why) {
        return new Surplus(gtids, false, why);
    }

    /** One line for people. */
    String verdict() {
        return (neverAcknowledged ? "provably never acknowledged: " : "perhaps acknowledged: ")
                + why;
    }
}
