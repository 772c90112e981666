package io.moha.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.config.HostPort;
import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.PrimaryState;
import io.moha.proxy.routing.Replica;
import io.moha.proxy.routing.RoutingTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableRulesTest {

    private final TableRules rules = new TableRules(text -> HostPort.parse(text).unresolved());

    private static LeaderRecord leader(LeaderState state) {
        return new LeaderRecord(
                1, 3, "n1", "i1", 5000, 1, state, false, "", "h1:3306", "u1", "because");
    }

    private static MemberRecord member(String id, NodeRole role, @Nullable String version) {
        return new MemberRecord(
                1,
                id,
                "u-" + id,
                id + ":3306",
                id + ":8008",
                "",
                100,
                false,
                1,
                "i1",
                new MemberReport(
                        role, "", 0, "", "", true, true, true, 42, "h1:3306", version, null));
    }

    @ParameterizedTest
    @CsvSource({
        "SERVING, SERVING",
        "SWITCHING, SWITCHING",
        "ELECTING, NONE",
        "PROMOTING, NONE",
        "RELEASED, NONE"
    })
    void onlyAServingOrSwitchingLeaderIsAPrimary(LeaderState state, PrimaryState expected) {
        RoutingTable table = rules.table(leader(state), List.of(), null);

        assertThat(table.state()).isEqualTo(expected);
        assertThat(table.primary() != null).isEqualTo(expected != PrimaryState.NONE);
        assertThat(table.epoch()).isEqualTo(3);
        assertThat(table.reason()).contains("because");
    }

    @Test
    void withoutLeaderThereIsNoPrimaryButReplicas() {
        RoutingTable table = rules.table(null, List.of(member("n2", NodeRole.REPLICA, null)), null);

        assertThat(table.state()).isEqualTo(PrimaryState.NONE);
        assertThat(table.replicas()).hasSize(1);
    }

    @Test
    void replicasAreThoseThatSaySoInOrderWithoutThePrimary() {
        RoutingTable table =
                rules.table(
                        leader(LeaderState.SERVING),
                        List.of(
                                member("n3", NodeRole.REPLICA, "9.7.4"),
                                member("n2", NodeRole.REPLICA, "9.7.4"),
                                member("n1", NodeRole.REPLICA, "9.7.4"),
                                member("n4", NodeRole.QUARANTINED, "9.7.4")),
                        null);

        Backend n2 =
                new Backend("n2", new HostPort("n2", 3306).unresolved(), 3, Backend.Role.REPLICA);
        assertThat(table.replicas())
                .extracting(replica -> replica.backend().node())
                .containsExactly("n2", "n3");
        assertThat(table.replicas()).first().isEqualTo(new Replica(n2, true, true, 42));
    }

    @Test
    void theLowestVersionIsAnnouncedAndKeptWhenNobodyTellsOne() {
        RoutingTable table =
                rules.table(
                        null,
                        List.of(
                                member("n1", NodeRole.PRIMARY, "9.7.4"),
                                member("n2", NodeRole.REPLICA, "8.0.33-log"),
                                member("n3", NodeRole.DOWN, null)),
                        null);

        assertThat(table.serverVersion()).isEqualTo("8.0.33-log");
        assertThat(rules.table(null, List.of(), table.serverVersion()).serverVersion())
                .isEqualTo("8.0.33-log");
    }

    @ParameterizedTest
    @CsvSource({"8.0.33,9.7.4,-1", "10.1,9.7.4,1", "8.4.2-log,8.4.2,0", "odd,8.0,-1"})
    void versionsCompareByNumber(String a, String b, int expected) {
        assertThat(Integer.signum(MysqlVersion.compare(a, b))).isEqualTo(expected);
    }
}
