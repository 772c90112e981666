package io.moha.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.moha.agent.mysql.GtidSet;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the status of a cluster from what the store holds and what agents and proxies answer. What
 * moves all the time (positions, lag, sessions) is not in the store.
 *
 * @param picture what the store holds
 * @param answers what was answered at /status, by host:port
 */
record StatusReader(ClusterPicture picture, Map<String, JsonNode> answers) {

    /** Asks everybody that {@code picture} names; blocks for about a second at most. */
    static StatusReader ask(ClusterPicture picture) {
        List<String> addresses =
                Stream.concat(
                                picture.members().values().stream().map(MemberRecord::http),
                                picture.proxies().values().stream().map(ProxyRecord::http))
                        .filter(address -> !address.isBlank())
                        .toList();
        return new StatusReader(picture, HttpStatus.ask(addresses));
    }

    StatusReport report(String cluster) {
        LeaderRecord leader = picture.leader() == null ? null : picture.leader().value();
        SyncRecord sync = picture.sync() == null ? null : picture.sync().value();
        SwitchoverRecord switchover =
                picture.switchover() == null ? null : picture.switchover().value();
        TreeSet<String> ids = new TreeSet<>(picture.members().keySet());
        if (sync != null) {
            ids.addAll(sync.members());
        }
        List<StatusReport.Node> nodes = new ArrayList<>();
        ids.forEach(id -> nodes.add(node(id)));
        return new StatusReport(
                cluster,
                picture.primary(),
                leader == null ? 0 : leader.epoch(),
                leader == null ? "NONE" : leader.state().name(),
                leader == null ? "" : leader.reason(),
                picture.pause() != null,
                sync == null
                        ? null
                        : new StatusReport.Durability(
                                sync.mode().name(), sync.acks(), sync.ackers()),
                switchover == null || !switchover.phase().isUnderWay()
                        ? null
                        : new StatusReport.Switchover(
                                switchover.from(), switchover.to(), switchover.phase().name()),
                nodes,
                picture.proxies().values().stream().map(this::proxy).toList());
    }

    private StatusReport.Node node(String id) {
        MemberRecord member = picture.members().get(id);
        String whyNot = Promotable.whyNot(id, picture);
        boolean acker = picture.sync() != null && picture.sync().value().ackers().contains(id);
        if (member == null) {
            return new StatusReport.Node(
                    id, "gone", whyNot, "", "", "", "", null, null, null, null, acker, 0, false,
                    whyNot, "");
        }
        boolean replica = member.report().role() == NodeRole.REPLICA;
        return new StatusReport.Node(
                id,
                member.report().role().name().toLowerCase(Locale.ROOT),
                member.report().reason(),
                member.address(),
                member.http(),
                member.zone(),
                orEmpty(member.report().mysqlVersion()),
                replica ? lag(member) : null,
                replica ? behind(member) : null,
                replica ? member.report().ioRunning() : null,
                replica ? member.report().sqlRunning() : null,
                acker,
                Promotable.priority(member, picture),
                whyNot.isEmpty(),
                whyNot,
                orEmpty(member.report().error()));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private @Nullable Long lag(MemberRecord member) {
        long reported = member.report().lagMs();
        JsonNode answer = answers.get(member.http());
        long lag =
                answer == null
                        ? reported
                        : answer.path("mysql").path("replication").path("lagMs").asLong(reported);
        return lag < 0 ? null : lag;
    }

    /** Transactions that the primary executed and {@code member} did not. */
    private @Nullable Long behind(MemberRecord member) {
        String primary = picture.primary();
        MemberRecord source = primary == null ? null : picture.members().get(primary);
        GtidSet there = source == null ? null : executed(source);
        GtidSet here = executed(member);
        return there == null || here == null ? null : there.subtract(here).count();
    }

    /** What a server executed, as its agent says now; null when it does not answer. */
    private @Nullable GtidSet executed(MemberRecord member) {
        JsonNode answer = answers.get(member.http());
        JsonNode executed = answer == null ? null : answer.path("mysql").path("executed");
        if (executed == null || !executed.isTextual()) {
            return null;
        }
        try {
            return GtidSet.parse(executed.asText());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private StatusReport.Proxy proxy(ProxyRecord proxy) {
        JsonNode status = answers.get(proxy.http());
        return new StatusReport.Proxy(
                proxy.id(), proxy.listeners(), proxy.admin(), proxy.http(), status != null, status);
    }
}
