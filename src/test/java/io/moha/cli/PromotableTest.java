package io.moha.cli;

import static io.moha.cli.RoleChangesTest.member;
import static io.moha.cli.RoleChangesTest.picture;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SettingsRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromotableTest {

    @Test
    void aReplicaThatAcknowledgesMayBePromoted() {
        ClusterPicture picture =
                picture(LeaderState.SERVING, List.of("n2"), member("n2", NodeRole.REPLICA));

        assertThat(Promotable.whyNot("n2", picture)).isEmpty();
    }

    @Test
    void aReplicaThatDoesNotAcknowledgeMayNot() {
        ClusterPicture picture =
                picture(LeaderState.SERVING, List.of("n3"), member("n2", NodeRole.REPLICA));

        assertThat(Promotable.whyNot("n2", picture)).contains("does not acknowledge");
    }

    @Test
    void theStoreOverridesTheConfiguration() {
        ClusterPicture plain =
                picture(LeaderState.SERVING, List.of("n2"), member("n2", NodeRole.REPLICA));
        SettingsRecord settings =
                new SettingsRecord(1, Map.of("n2", new SettingsRecord.NodeSettings(7, true)));
        ClusterPicture picture =
                new ClusterPicture(
                        plain.leader(),
                        plain.sync(),
                        plain.members(),
                        plain.proxies(),
                        null,
                        plain.history(),
                        new Stored<>(settings, 9),
                        null);

        assertThat(Promotable.whyNot("n2", picture)).isEqualTo("never to be promoted");
        assertThat(Promotable.priority(member("n2", NodeRole.REPLICA), picture)).isEqualTo(7);
    }

    @Test
    void aNodeWithoutAnAgentMayNot() {
        assertThat(Promotable.whyNot("n9", picture(LeaderState.SERVING, List.of("n2"))))
                .isEqualTo("its agent is not alive");
    }
}
