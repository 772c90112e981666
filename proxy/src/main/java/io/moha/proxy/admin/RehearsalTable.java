package io.moha.proxy.admin;

import io.moha.proxy.session.SessionSnapshot;
import io.moha.proxy.topology.ClusterView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a switchover at this moment would mean to the sessions of this proxy. */
final class RehearsalTable {

    private RehearsalTable() {}

    /**
     * Counts sessions by what would become of them.
     *
     * @param to the new primary; null when the cluster is to choose
     */
    static ResultTable of(ClusterView view, @Nullable String to, List<SessionSnapshot> sessions) {
        String from = view.leader() == null ? "" : view.leader().holder();
        long moving = 0;
        long elsewhere = 0;
        TreeMap<String, Long> waited = new TreeMap<>();
        TreeMap<String, Long> cut = new TreeMap<>();
        for (SessionSnapshot session : sessions) {
            if (!from.equals(session.node())) {
                elsewhere++;
            } else if (session.pinReason() != null) {
                cut.merge(session.pinReason(), 1L, Long::sum);
            } else if (session.state().equals("idle")) {
                moving++;
            } else {
                waited.merge(session.state(), 1L, Long::sum);
            }
        }
        ResultTable table = ResultTable.of("what", "value");
        table.row("from", from);
        table.row("to", to == null ? "a replica of the cluster's choice" : to);
        table.row("sessions that move", moving);
        rows(table, "sessions that are waited for: ", waited);
        rows(table, "sessions that are cut: ", cut);
        return table.row("sessions not on the primary", elsewhere);
    }

    private static void rows(ResultTable table, String label, Map<String, Long> counts) {
        counts.forEach((reason, count) -> table.row(label + reason, count));
    }
}
