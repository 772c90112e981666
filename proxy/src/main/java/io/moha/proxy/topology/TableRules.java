package io.moha.proxy.topology;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Replica;
import io.moha.proxy.routing.RoutingTable;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the routing picture of what the store says. Pure, but for what resolves names. */
final class TableRules {

    private final Function<String, InetSocketAddress> resolver;

    /** With what turns {@code host:port} into a socket address. */
    TableRules(Function<String, InetSocketAddress> resolver) {
        this.resolver = resolver;
    }

    /**
     * The picture of {@code leader} and {@code members}.
     *
     * @param leader the believed record; null while there was none
     * @param lastVersion the version announced so far, kept while no member tells one
     */
    RoutingTable table(
            @Nullable LeaderRecord leader,
            List<MemberRecord> members,
            @Nullable String lastVersion) {
        long epoch = leader == null ? 0 : leader.epoch();
        PrimaryState state = leader == null ? PrimaryState.NONE : state(leader);
        Backend primary =
                leader == null || state == PrimaryState.NONE
                        ? null
                        : backend(leader.holder(), leader.address(), epoch, Backend.Role.PRIMARY);
        List<Replica> replicas =
                members.stream()
                        .filter(member -> member.report().role() == NodeRole.REPLICA)
                        .filter(member -> primary == null || !member.id().equals(primary.node()))
                        .sorted(Comparator.comparing(MemberRecord::id))
                        .map(member -> replica(member, epoch))
                        .toList();
        String version = lowestVersion(members);
        return new RoutingTable(
                epoch,
                state,
                primary,
                replicas,
                version == null ? lastVersion : version,
                leader == null ? "the cluster has no leader yet" : reason(leader));
    }

    private static PrimaryState state(LeaderRecord leader) {
        return switch (leader.state()) {
            case SERVING -> PrimaryState.SERVING;
            case SWITCHING -> PrimaryState.SWITCHING;
            case ELECTING, PROMOTING, RELEASED -> PrimaryState.NONE;
        };
    }

    private static String reason(LeaderRecord leader) {
        return leader.holder() + " is " + leader.state() + ": " + leader.reason();
    }

    private Replica replica(MemberRecord member, long epoch) {
        return new Replica(
                backend(member.id(), member.address(), epoch, Backend.Role.REPLICA),
                member.report().sqlRunning(),
                member.report().ioRunning(),
                member.report().lagMs());
    }

    private Backend backend(String node, String address, long epoch, Backend.Role role) {
        return new Backend(node, resolver.apply(address), epoch, role);
    }

    private static @Nullable String lowestVersion(List<MemberRecord> members) {
        String lowest = null;
        for (MemberRecord member : members) {
            String version = member.report().mysqlVersion();
            if (version != null && (lowest == null || MysqlVersion.compare(version, lowest) < 0)) {
                lowest = version;
            }
        }
        return lowest;
    }
}
