package io.moha.agent.decide;

import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Things to decide about: a cluster of n1, n2 and n3 in which n1 was primary last. */
final class Scenes {

    /** The UUIDs of the servers of n1, n2 and n3, by which transactions are named. */
    static final String U1 = "11111111-1111-1111-1111-111111111111";

    static final String U2 = "22222222-2222-2222-2222-222222222222";
    static final String U3 = "33333333-3333-3333-3333-333333333333";

    static final Moment START = new Moment(1_000_000_000_000L);
    static final long TTL_MS = 5000;

    private Scenes() {}

    static Moment after(long millis) {
        return START.plus(Duration.ofMillis(millis));
    }

    static String uuid(String node) {
        return switch (node) {
            case "n1" -> U1;
            case "n2" -> U2;
            default -> U3;
        };
    }

    static String address(String node) {
        return "10.0.0." + node.substring(1) + ":3306";
    }

    static Policy policy(Policy.Durability durability) {
        return new Policy(
                durability,
                1,
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                true);
    }

    static SyncRecord sync(SyncMode mode, int acks, String... ackers) {
        return new SyncRecord(1, mode, acks, List.of(ackers), List.of("n1", "n2", "n3"), "c");
    }

    static Voter voter(String node, String received) {
        return new Voter(
                node,
                uuid(node),
                GtidSet.parse(received),
                GtidSet.parse(received),
                true,
                100,
                false,
                false);
    }

    static MemberRecord member(String node, MemberReport report) {
        return new MemberRecord(
                1, node, uuid(node), address(node), "", "", 100, false, 1, "i-" + node, report);
    }

    /** A replica of {@code source} that receives, applies and keeps up. */
    static MemberReport replicaOf(String source) {
        return report(NodeRole.REPLICA, 0, true, 0, address(source));
    }

    static MemberReport report(
            NodeRole role, long promised, boolean running, long lagMs, @Nullable String source) {
        return new MemberReport(
                role, "", promised, "", "", true, running, running, lagMs, source, "9.7.0", null);
    }

    static LeaderRecord leader(long epoch, String holder, LeaderState state, long seq) {
        return new LeaderRecord(
                1,
                epoch,
                holder,
                "i-" + holder,
                TTL_MS,
                seq,
                state,
                false,
                "",
                address(holder),
                uuid(holder),
                "because");
    }

    static ClusterSnapshot snapshot(
            @Nullable LeaderRecord leader,
            @Nullable SyncRecord sync,
            @Nullable String lastPrimary,
            MemberRecord... members) {
        return new ClusterSnapshot(
                100,
                leader == null ? null : new Versioned<>(leader, 90),
                sync == null ? null : new Versioned<>(sync, 80),
                Stream.of(members).collect(Collectors.toMap(MemberRecord::id, Function.identity())),
                Set.of(),
                null,
                Map.of(),
                new SettingsRecord(1, Map.of()),
                null,
                lastPrimary == null
                        ? null
                        : new HistoryRecord(
                                1,
                                1,
                                0,
                                HistoryRecord.Kind.BOOTSTRAP,
                                "",
                                null,
                                lastPrimary,
                                Map.of(),
                                "",
                                uuid(lastPrimary)));
    }

    static ServerFacts facts(boolean readOnly, String executed, @Nullable String source) {
        ServerFacts.ReplicaFacts replica =
                source == null
                        ? null
                        : new ServerFacts.ReplicaFacts(
                                source.substring(0, source.indexOf(':')),
                                3306,
                                true,
                                false,
                                true,
                                0,
                                "",
                                "");
        return new ServerFacts(
                U2, "9.7.0", readOnly, executed, "", "", replica, semiSync(false, 0));
    }

    static ServerFacts.SemiSyncFacts semiSync(boolean enabled, int clients) {
        return new ServerFacts.SemiSyncFacts(enabled, enabled, clients, 1, 0, true, true);
    }

    static GuardStatus guard(GuardStatus.State state, long deadline, long epoch, long fenced) {
        boolean runs = state == GuardStatus.State.RUNNING;
        return new GuardStatus(
                state, runs ? 4711 : 0, 1, deadline, epoch, fenced, runs ? "" : "signal 9");
    }

    static Identity self(String node) {
        return new Identity(
                node, "i-" + node, address(node), TTL_MS, policy(Policy.Durability.SAFE));
    }
}
