package io.moha.cli;

import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything the store holds of one cluster, at one revision.
 *
 * @param leader who leads; null when nobody ever did
 * @param sync whose acknowledgements count; null before bootstrap
 * @param members by id, of agents that are alive
 * @param proxies by id, of proxies that are alive
 * @param switchover the present or last one; null when there never was one
 * @param history by epoch
 * @param settings what operators set; null when nothing
 * @param pause maintenance mode; null when off
 */
public record ClusterPicture(
        @Nullable Stored<LeaderRecord> leader,
        @Nullable Stored<SyncRecord> sync,
        SortedMap<String, MemberRecord> members,
        SortedMap<String, ProxyRecord> proxies,
        @Nullable Stored<SwitchoverRecord> switchover,
        SortedMap<Long, HistoryRecord> history,
        @Nullable Stored<SettingsRecord> settings,
        @Nullable Stored<PauseRecord> pause) {

    /** The id of the node that serves writes; null when none does. */
    public @Nullable String primary() {
        if (leader == null) {
            return null;
        }
        LeaderState state = leader.value().state();
        return state == LeaderState.SERVING || state == LeaderState.SWITCHING
                ? leader.value().holder()
                : null;
    }

    /** Whether the cluster was never bootstrapped. */
    public boolean isEmpty() {
        return leader == null && sync == null;
    }
}
