package io.moha.proxy.topology;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.ProxyRecord;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store said last, for people: admin SQL and HTTP. Routing never reads it.
 *
 * @param leader the record the proxy believes; null while there was none
 * @param doubt why the store's present leader record is not believed; empty when it is
 * @param sync whose acknowledgements count
 * @param members by id
 * @param proxies by id
 * @param switchover the present or last one
 * @param pause maintenance mode, null when it is off
 */
public record ClusterView(
        @Nullable LeaderRecord leader,
        String doubt,
        @Nullable SyncRecord sync,
        List<MemberRecord> members,
        List<ProxyRecord> proxies,
        @Nullable SwitchoverRecord switchover,
        @Nullable PauseRecord pause) {

    /** Before anything was heard. */
    static final ClusterView EMPTY =
            new ClusterView(null, "", null, List.of(), List.of(), null, null);

    /** Copies the lists. */
    public ClusterView {
        members = List.copyOf(members);
        proxies = List.copyOf(proxies);
    }
}
