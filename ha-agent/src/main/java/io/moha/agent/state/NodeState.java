package io.moha.agent.state;

import io.moha.agent.mysql.ServerCopy;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows by heart.
 *
 * @param version of this record's shape, 1
 * @param clusterUuid of the cluster it belongs to; empty before it saw one
 * @param knownEpoch highest epoch that it saw in the store or froze for
 * @param servedEpoch highest epoch that it saw somebody win
 * @param frozenEpoch highest epoch that it froze its relay log for
 * @param syncRevision of the newest sync record that it saw in {@code knownEpoch}; null when none
 * @param declared what that sync record says of the cluster; null when none was seen
 * @param emptied whether what it had acknowledged was thrown away for a copy of another node's
 *     data, or is gone with its data directory, and it has not caught up since; null when not
 * @param copying the copy that was not seen to end, so that the server may name transactions whose
 *     rows are gone; null when there is none
 * @param formerUuids under which its server wrote before its data were thrown away; null when none
 * @param serverUuid of the server that all this is about; null before one was seen
 * @param promise that it gave last; null when none
 * @param lead that it held last; null when none
 */
public record NodeState(
        int version,
        String clusterUuid,
        long knownEpoch,
        long servedEpoch,
        long frozenEpoch,
        @Nullable Long syncRevision,
        @Nullable Declared declared,
        @Nullable Boolean emptied,
        @Nullable Copying copying,
        @Nullable List<String> formerUuids,
        @Nullable String serverUuid,
        @Nullable Promise promise,
        @Nullable Lead lead) {

    /** How many former names are known: with more a node was copied very often. */
    private static final int NAMES = 16;

    /**
     * A copy that was about to begin.
     *
     * @param since the server's wall clock then, in milliseconds
     * @param before when the last one had begun while the data were still whole; 0 when there was
     *     none
     * @param dropBefore when the server had last begun to drop its data; 0 when never, null when it
     *     was not noted
     * @param whole whether the data were whole until then
     */
    public record Copying(long since, long before, @Nullable Long dropBefore, boolean whole) {

        /** By difference, not by order: a wall clock may be set back at any moment. */
        private boolean isDroppedBy(ServerCopy now) {
            return dropBefore == null || (now.dropMillis() != 0 && now.dropMillis() != dropBefore);
        }

        private boolean isAbout(ServerCopy now) {
            return now.begunMillis() != before;
        }
    }

    /**
     * What a cluster consists of.
     *
     * @param members ids of its nodes
     * @param acks how many replicas must have a commit before the client is told
     */
    public record Declared(List<String> members, int acks) {

        /** Copies the list. */
        public Declared {
            members = List.copyOf(members);
        }
    }

    /** Copies the list. */
    public NodeState {
        formerUuids = formerUuids == null ? null : List.copyOf(formerUuids);
    }

    /** Of a node that knows nothing. */
    static NodeState empty() {
        return new NodeState(1, "", 0, 0, 0, null, null, null, null, null, null, null, null);
    }

    /**
     * A word to a primary that cannot reach the store: until then this node freezes for no later
     * epoch.
     *
     * @param epoch of the primary
     * @param holder id of the primary
     * @param boot of this machine in which the time is meant
     * @param untilMillis on the clock since that boot
     * @param ttlMs how long it was given for
     */
    public record Promise(long epoch, String holder, String boot, long untilMillis, long ttlMs) {}

    /**
     * The lead as this node last knew it to be in the store.
     *
     * @param record the leader record
     * @param revision of its key
     * @param sync who could be elected against it
     * @param sure whether {@code sync} is what the store has: no change of it is under way
     * @param peers where the agents of the other members answer, host:port by id
     */
    public record Lead(
            LeaderRecord record,
            long revision,
            SyncRecord sync,
            boolean sure,
            Map<String, String> peers) {

        /** Copies the map. */
        public Lead {
            peers = Map.copyOf(peers);
        }

        /** Whether {@code other} says the same, renewals aside. */
        boolean isLike(@Nullable Lead other) {
            return other != null
                    && record.epoch() == other.record().epoch()
                    && record.state() == other.record().state()
                    && record.incarnation().equals(other.record().incarnation())
                    && sync.equals(other.sync())
                    && sure == other.sure()
                    && peers.equals(other.peers());
        }
    }

    NodeState with(@Nullable Promise given) {
        return with(emptied, copying, formerUuids, given, lead);
    }

    NodeState with(@Nullable Lead held) {
        return with(emptied, copying, formerUuids, promise, held);
    }

    /** Before the data of the server {@code uuid} are thrown away. */
    NodeState empties(String uuid, Copying copy) {
        List<String> names = Stream.concat(former().stream(), Stream.of(uuid)).distinct().toList();
        List<String> known = names.subList(Math.max(0, names.size() - NAMES), names.size());
        return with(Boolean.TRUE, copy, known, promise, lead);
    }

    /** After the copy was seen to be complete, or not to have begun. */
    NodeState whole() {
        return with(emptied, null, formerUuids, promise, lead);
    }

    /** After everything was there again, in a server that was whole already. */
    NodeState caughtUp() {
        return isGutted() ? this : with(null, null, formerUuids, promise, lead);
    }

    /** With a server that has {@code uuid} now. */
    NodeState named(String uuid) {
        List<String> names = former().stream().filter(name -> !name.equals(uuid)).toList();
        return with(emptied, copying, names.isEmpty() ? null : names, promise, lead);
    }

    /**
     * With a server that has {@code uuid}. Another one than before, or one that is counted on and
     * that this node knows nothing of, has lost what it acknowledged.
     *
     * @param counted whether the node is recorded as an acker
     */
    NodeState meets(String uuid, boolean counted) {
        if (uuid.equals(serverUuid)) {
            return this;
        }
        boolean first = serverUuid == null && (knownEpoch > 0 || !counted);
        return new NodeState(
                version,
                clusterUuid,
                knownEpoch,
                servedEpoch,
                frozenEpoch,
                syncRevision,
                declared,
                first ? emptied : Boolean.TRUE,
                copying,
                formerUuids,
                uuid,
                promise,
                lead);
    }

    /** Whether this node may lack what it had acknowledged. */
    public boolean isEmptied() {
        return Boolean.TRUE.equals(emptied);
    }

    /** Whether rows of transactions that the server names may be gone. */
    public boolean isGutted() {
        return copying != null;
    }

    /** Whether a server that says {@code now} became a whole copy. */
    boolean isCopied(ServerCopy now) {
        return copying == null
                || (now.completed()
                        && copying.isAbout(now)
                        && now.begunMillis() >= copying.since());
    }

    /** Whether the very process in which the copy was to begin still has what it had. */
    boolean isUntouched(ServerCopy now) {
        return copying == null || (copying.whole() && !copying.isDroppedBy(now));
    }

    /**
     * What it can tell of the cluster when the store has forgotten it; {@code ttlMs} is its own.
     */
    public MemberRecord.Remembered remembered(long ttlMs) {
        Lead led = lead;
        return new MemberRecord.Remembered(
                clusterUuid,
                knownEpoch,
                Math.max(ttlMs, led == null ? 0 : led.record().ttlMs()),
                declared == null ? List.of() : declared.members(),
                declared == null ? 0 : declared.acks());
    }

    /** The names under which its server wrote before its data were thrown away. */
    public List<String> former() {
        return formerUuids == null ? List.of() : formerUuids;
    }

    private NodeState with(
            @Nullable Boolean copied,
            @Nullable Copying copy,
            @Nullable List<String> names,
            @Nullable Promise given,
            @Nullable Lead held) {
        return new NodeState(
                version,
                clusterUuid,
                knownEpoch,
                servedEpoch,
                frozenEpoch,
                syncRevision,
                declared,
                copied,
                copy,
                names,
                serverUuid,
                given,
                held);
    }

    /** After this node froze for {@code epoch}. */
    NodeState frozen(long epoch) {
        long froze = Math.max(epoch, frozenEpoch);
        return knowing(clusterUuid, epoch, servedEpoch, froze, null, declared);
    }

    /** After {@code epoch} was seen in the store, and in it the sync record at {@code revision}. */
    NodeState saw(SyncRecord sync, long epoch, boolean served, long revision) {
        long won = served ? Math.max(epoch, servedEpoch) : servedEpoch;
        Declared now = new Declared(sync.members(), sync.acks());
        return knowing(sync.clusterUuid(), epoch, won, frozenEpoch, revision, now);
    }

    private NodeState knowing(
            String cluster,
            long epoch,
            long served,
            long frozen,
            @Nullable Long revision,
            @Nullable Declared known) {
        Long seen = syncRevision;
        if (epoch > knownEpoch) {
            seen = revision;
        } else if (epoch == knownEpoch && revision != null) {
            seen = seen == null ? revision : Long.valueOf(Math.max(seen, revision));
        }
        return new NodeState(
                version,
                cluster,
                Math.max(epoch, knownEpoch),
                served,
                frozen,
                seen,
                known,
                emptied,
                copying,
                formerUuids,
                serverUuid,
                promise,
                lead);
    }
}
