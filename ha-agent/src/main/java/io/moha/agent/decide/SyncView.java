package io.moha.agent.decide;

import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the primary knows of its replicas' acknowledgements.
 *
 * @param self id of the primary
 * @param address at which replicas reach the primary, host:port
 * @param sync the record in the store
 * @param members living members by id
 * @param semiSync what the server says
 * @param shortSince since when fewer than the needed ackers are connected; null when enough are
 * @param missingSince since when each acker has been away, by id
 */
public record SyncView(
        String self,
        String address,
        SyncRecord sync,
        Map<String, MemberRecord> members,
        SemiSyncFacts semiSync,
        @Nullable Moment shortSince,
        Map<String, Moment> missingSince) {

    /** Copies the maps. */
    public SyncView {
        members = Map.copyOf(members);
        missingSince = Map.copyOf(missingSince);
    }

    /** Whether the member {@code id} would receive from this primary and does not. */
    boolean triesToReceive(String id) {
        MemberRecord member = members.get(id);
        return member != null
                && !member.report().ioRunning()
                && address.equals(member.report().source());
    }

    /** Whether the member {@code id} says that it receives nothing, or nobody speaks for it. */
    boolean isAway(String id) {
        return members.get(id) == null || triesToReceive(id);
    }

    /** Whether the member {@code id} receives from this primary now, by its own report. */
    public boolean receives(String id) {
        MemberRecord member = members.get(id);
        return member != null
                && member.report().ioRunning()
                && address.equals(member.report().source());
    }
}
