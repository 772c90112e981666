package io.moha.cli;

import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.MemberRecord.Remembered;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The records by which a cluster goes on whose store has forgotten it: the same cluster, in a later
 * epoch than any of its nodes knows, without a primary and without a history. So the election that
 * follows is one like the first: it waits for every member and chooses among those that have
 * everything that any of them has. A primary that still lives somewhere has the time of its lease
 * to find out, and those who promised it their support take part in no election before that ends.
 *
 * @param leader nobody, in the epoch before the next
 * @param sync all members, without acknowledgements until there is a primary
 */
record Recovery(LeaderRecord leader, SyncRecord sync) {

    /**
     * Plans it for a cluster of {@code nodes}.
     *
     * @param acks how many replicas must have a commit before the client is told; null for as many
     *     as before
     * @param acceptLoss whether members that are known to somebody may be left out
     * @throws Failure when it could lose something, or nothing was forgotten
     */
    static Recovery plan(
            ClusterPicture picture,
            List<String> nodes,
            @Nullable Integer acks,
            boolean acceptLoss,
            String requester)
            throws Failure {
        Set<String> named = new TreeSet<>(nodes);
        List<String> problems = new ArrayList<>();
        Set<String> clusters = new TreeSet<>();
        Set<String> known = new TreeSet<>(picture.members().keySet());
        long epoch = picture.leader() == null ? 0 : picture.leader().value().epoch();
        long ttlMs = 0;
        int acksBefore = 1;
        for (String id : named) {
            MemberRecord member = picture.members().get(id);
            Remembered remembered = member == null ? null : member.remembered();
            if (member == null) {
                problems.add("the agent of " + id + " does not run");
            } else if (member.report().role() == NodeRole.PRIMARY) {
                problems.add(id + " still serves, and writes back itself what the store forgot");
            } else if (remembered == null) {
                problems.add(id + " does not say that the store has forgotten the cluster");
            } else {
                clusters.add(remembered.clusterUuid());
                known.addAll(remembered.members());
                epoch = Math.max(epoch, remembered.epoch());
                ttlMs = Math.max(ttlMs, remembered.ttlMs());
                acksBefore = Math.max(acksBefore, remembered.acks());
            }
        }
        if (clusters.size() > 1) {
            problems.add("the nodes are of different clusters: " + clusters);
        }
        known.removeAll(named);
        if (!known.isEmpty() && !acceptLoss) {
            problems.add(
                    "there is also %s: name it, or leave it out by --accept-loss with all that only it has"
                            .formatted(String.join(", ", known)));
        }
        if (!problems.isEmpty()) {
            throw new Failure(String.join("; ", problems) + "; nothing done");
        }
        return new Recovery(
                new LeaderRecord(
                        1,
                        epoch + 1,
                        "nobody",
                        "",
                        ttlMs,
                        1,
                        LeaderState.RELEASED,
                        false,
                        "",
                        "",
                        "",
                        "the store had forgotten the cluster; declared anew by " + requester),
                new SyncRecord(
                        1,
                        SyncMode.ASYNC,
                        acks == null ? acksBefore : acks,
                        List.of(),
                        List.copyOf(named),
                        clusters.iterator().next()));
    }
}
