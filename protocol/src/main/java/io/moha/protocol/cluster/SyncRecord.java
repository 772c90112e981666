package io.moha.protocol.cluster;

import java.util.List;
import java.util.stream.Stream;

/**
 * Whose acknowledgements count. Never laxer than what the primary's semi-sync really does: ackers
 * are added here before they may acknowledge, and removed after they no longer can.
 *
 * @param version of this record's shape, 1
 * @param mode what an acknowledged commit is worth
 * @param acks how many ackers must have a commit before the client is told (k)
 * @param ackers ids of the nodes whose acknowledgement may count, sorted
 * @param members ids of every node of the cluster, sorted
 * @param clusterUuid made at bootstrap; tells a store that was wiped from the real one
 */
public record SyncRecord(
        int version,
        SyncMode mode,
        int acks,
        List<String> ackers,
        List<String> members,
        String clusterUuid) {

    /** Copies the lists. */
    public SyncRecord {
        ackers = List.copyOf(ackers);
        members = List.copyOf(members);
    }

    /** The same with other ackers. */
    public SyncRecord withAckers(List<String> newAckers) {
        return new SyncRecord(version, mode, acks, newAckers, members, clusterUuid);
    }

    /** The same with {@code node} among the members. */
    public SyncRecord withMember(String node) {
        List<String> more =
                Stream.concat(members.stream(), Stream.of(node)).sorted().distinct().toList();
        return new SyncRecord(version, mode, acks, ackers, more, clusterUuid);
    }

    /** How many ackers an election must hear (and freeze) to know every acknowledged commit. */
    public int freezeQuorum() {
        return Math.max(1, ackers.size() - acks + 1);
    }
}
