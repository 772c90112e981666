package io.moha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberReport;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoleChangesTest {

    static MemberRecord member(String id, NodeRole role) {
        MemberReport report =
                new MemberReport(role, "", 0, "", "", true, true, true, 0, null, "9.7.4", null);
        return new MemberRecord(
                1, id, "", "127.0.0.1:3306", "127.0.0.1:8008", "", 100, false, 1, "i", report);
    }

    static ClusterPicture picture(LeaderState state, List<String> ackers, MemberRecord... members) {
        LeaderRecord leader =
                new LeaderRecord(
                        1, 3, "n1", "i", 5000, 1, state, false, "", "127.0.0.1:3306", "", "");
        TreeMap<String, MemberRecord> byId = new TreeMap<>();
        for (MemberRecord member : members) {
            byId.put(member.id(), member);
        }
        SyncRecord sync = new SyncRecord(1, SyncMode.SYNC, 1, ackers, List.of("n1", "n2"), "uuid");
        return new ClusterPicture(
                new Stored<>(leader, 7),
                new Stored<>(sync, 7),
                byId,
                new TreeMap<>(),
                null,
                new TreeMap<>(),
                null,
                null);
    }

    @Test
    void tellsWhoBecamePrimary() {
        RoleChanges changes = new RoleChanges();
        changes.next(picture(LeaderState.PROMOTING, List.of("n2")));

        List<String> lines = changes.next(picture(LeaderState.SERVING, List.of("n2")));

        assertThat(lines).containsExactly("epoch 3: n1 is primary at 127.0.0.1:3306");
        assertThat(changes.serving()).isTrue();
    }

    @Test
    void saysNothingWhenNothingChanged() {
        RoleChanges changes = new RoleChanges();
        ClusterPicture same =
                picture(LeaderState.SERVING, List.of("n2"), member("n2", NodeRole.REPLICA));
        changes.next(same);

        assertThat(changes.next(same)).isEmpty();
    }

    @Test
    void tellsThatAnAgentIsGoneAndBack() {
        RoleChanges changes = new RoleChanges();
        ClusterPicture with =
                picture(LeaderState.SERVING, List.of("n2"), member("n2", NodeRole.REPLICA));
        changes.next(with);

        assertThat(changes.next(picture(LeaderState.SERVING, List.of("n2"))))
                .containsExactly("n2's agent is gone");
        assertThat(changes.next(with)).containsExactly("n2 is replica");
    }
}
