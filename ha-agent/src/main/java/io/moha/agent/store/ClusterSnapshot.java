package io.moha.agent.store;

import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SwitchoverAck;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster as the store had it at one revision, read linearizably. Immutable.
 *
 * @param revision of the store when it was read
 * @param leader who leads; null when the key is missing
 * @param sync whose acknowledgements count; null before the bootstrap
 * @param members by node id, those whose agents are alive
 * @param proxies ids of the proxies that are alive
 * @param switchover the present or last planned switchover; null when there was none
 * @param acks the proxies' words on a switchover, by proxy id
 * @param settings what operators set for good
 * @param pause maintenance mode; null when it is off
 * @param lastChange the last change of primary; null when there never was a primary
 * @param rejoins operators' present or last orders to bring nodes back, by node id
 */
public record ClusterSnapshot(
        long revision,
        @Nullable Versioned<LeaderRecord> leader,
        @Nullable Versioned<SyncRecord> sync,
        Map<String, MemberRecord> members,
        Set<String> proxies,
        @Nullable Versioned<SwitchoverRecord> switchover,
        Map<String, SwitchoverAck> acks,
        SettingsRecord settings,
        @Nullable PauseRecord pause,
        @Nullable HistoryRecord lastChange,
        Map<String, Versioned<RejoinRecord>> rejoins) {

    /** Without any order to bring a node back. */
    public ClusterSnapshot(
            long revision,
            @Nullable Versioned<LeaderRecord> leader,
            @Nullable Versioned<SyncRecord> sync,
            Map<String, MemberRecord> members,
            Set<String> proxies,
            @Nullable Versioned<SwitchoverRecord> switchover,
            Map<String, SwitchoverAck> acks,
            SettingsRecord settings,
            @Nullable PauseRecord pause,
            @Nullable HistoryRecord lastChange) {
        this(
                revision,
                leader,
                sync,
                members,
                proxies,
                switchover,
                acks,
                settings,
                pause,
                lastChange,
                Map.of());
    }

    /** Copies the maps. */
    public ClusterSnapshot {
        rejoins = Map.copyOf(rejoins);
        members = Map.copyOf(members);
        proxies = Set.copyOf(proxies);
        acks = Map.copyOf(acks);
    }

    /** The leader record without its revision; null when the key is missing. */
    public @Nullable LeaderRecord leaderRecord() {
        return leader == null ? null : leader.value();
    }

    /** The sync record without its revision; null before the bootstrap. */
    public @Nullable SyncRecord syncRecord() {
        return sync == null ? null : sync.value();
    }

    /** The node that served last, in whatever epoch; null when none ever did. */
    public @Nullable String lastPrimary() {
        return lastChange == null ? null : lastChange.to();
    }

    /** The revision of the leader key; 0 when it is missing. */
    public long leaderRevision() {
        return leader == null ? 0 : leader.revision();
    }

    /** The revision of the sync key; 0 when it is missing. */
    public long syncRevision() {
        return sync == null ? 0 : sync.revision();
    }

    /** The revision of the switchover key; 0 when it is missing. */
    public long switchoverRevision() {
        return switchover == null ? 0 : switchover.revision();
    }

    /** The preference for promotion of {@code member}, operators' settings first. */
    public int priority(MemberRecord member) {
        SettingsRecord.NodeSettings own = settings.nodes().get(member.id());
        Integer set = own == null ? null : own.priority();
        return set == null ? member.priority() : set;
    }

    /** Whether {@code member} must never become primary, operators' settings first. */
    public boolean neverPromote(MemberRecord member) {
        SettingsRecord.NodeSettings own = settings.nodes().get(member.id());
        Boolean set = own == null ? null : own.neverPromote();
        return set == null ? member.neverPromote() : set;
    }

    /** An operator's order to bring {@code node} back that is not answered yet; null when none. */
    public @Nullable Versioned<RejoinRecord> rejoin(String node) {
        Versioned<RejoinRecord> order = rejoins.get(node);
        return order == null || order.value().phase().isFinal() ? null : order;
    }

    /** An operator's order to choose a primary whatever is lost; null when there is none. */
    public @Nullable SwitchoverRecord forced() {
        return switchover != null && switchover.value().isForced() ? switchover.value() : null;
    }
}
