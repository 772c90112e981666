package io.moha.proxy.admin;

import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import io.moha.proxy.topology.ClusterView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables about the cluster. Pure. */
final class ClusterTables {

    private ClusterTables() {}

    static ResultTable cluster(String cluster, ClusterView view) {
        LeaderRecord leader = view.leader();
        SyncRecord sync = view.sync();
        return ResultTable.of(
                        "cluster",
                        "epoch",
                        "primary",
                        "state",
                        "reason",
                        "durability",
                        "acks",
                        "ackers",
                        "members",
                        "paused",
                        "switchover",
                        "doubt")
                .row(
                        cluster,
                        leader == null ? null : leader.epoch(),
                        leader == null ? null : leader.holder(),
                        leader == null ? "NONE" : leader.state(),
                        leader == null ? null : leader.reason(),
                        sync == null ? null : sync.mode(),
                        sync == null ? null : sync.acks(),
                        sync == null ? null : String.join(",", sync.ackers()),
                        sync == null ? null : String.join(",", sync.members()),
                        view.pause() == null ? "no" : "yes, by " + view.pause().by(),
                        switchover(view.switchover()),
                        view.doubt());
    }

    private static @Nullable String switchover(@Nullable SwitchoverRecord record) {
        if (record == null) {
            return null;
        }
        String to = record.to() == null ? "" : " to " + record.to();
        String reason = record.reason().isEmpty() ? "" : ": " + record.reason();
        return record.phase() + to + reason;
    }

    static ResultTable nodes(ClusterView view) {
        ResultTable table =
                ResultTable.of(
                        "node",
                        "role",
                        "address",
                        "zone",
                        "priority",
                        "may_be_promoted",
                        "receiving",
                        "applying",
                        "lag_ms",
                        "version",
                        "reason",
                        "error");
        for (MemberRecord member : view.members()) {
            MemberReport report = member.report();
            boolean replica = report.role() == NodeRole.REPLICA;
            table.row(
                    member.id(),
                    report.role(),
                    member.address(),
                    member.zone(),
                    member.priority(),
                    yesOrNo(!member.neverPromote()),
                    replica ? yesOrNo(report.ioRunning()) : null,
                    replica ? yesOrNo(report.sqlRunning()) : null,
                    replica && report.lagMs() >= 0 ? report.lagMs() : null,
                    report.mysqlVersion(),
                    report.reason(),
                    report.error());
        }
        return table;
    }

    static ResultTable proxies(ClusterView view) {
        ResultTable table = ResultTable.of("proxy", "listeners", "admin", "http", "version");
        for (ProxyRecord proxy : view.proxies()) {
            table.row(
                    proxy.id(),
                    listing(proxy.listeners()),
                    proxy.admin(),
                    proxy.http(),
                    proxy.build());
        }
        return table;
    }

    static ResultTable history(List<HistoryRecord> history) {
        ResultTable table =
                ResultTable.of(
                        "epoch", "at", "kind", "from_node", "to_node", "reason", "phases", "lost");
        for (HistoryRecord change : history) {
            table.row(
                    change.epoch(),
                    Instant.ofEpochMilli(change.atMs()),
                    change.kind(),
                    change.from(),
                    change.to(),
                    change.reason(),
                    listing(change.phaseMillis()),
                    change.lost());
        }
        return table;
    }

    /** The phases of a finished switchover and how long each took. */
    static ResultTable phases(SwitchoverRecord record) {
        ResultTable table = ResultTable.of("phase", "ms");
        record.phaseMillis().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(phase -> table.row(phase.getKey(), phase.getValue()));
        return table.row(record.phase().toString().toLowerCase(Locale.ROOT), null);
    }

    private static String listing(Map<String, ?> values) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    private static String yesOrNo(boolean value) {
        return value ? "yes" : "no";
    }
}
