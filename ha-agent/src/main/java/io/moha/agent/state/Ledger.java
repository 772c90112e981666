package io.moha.agent.state;

import io.moha.agent.mysql.ServerCopy;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.cluster.SyncRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's {@link NodeState}, on disk before it counts. Freezing and promising exclude each
 * other here: a node that promised a primary to stand by it freezes for no later epoch until then,
 * and one that froze promises nothing to an earlier one. Thread-safe; writes block for a disk's
 * sync.
 */
public final class Ledger {

    private static final Logger LOGGER = LoggerFactory.getLogger(Ledger.class);

    /** As long as the longest lease, which agent.yaml bounds. */
    private static final Duration LONGEST_PROMISE = Duration.ofMinutes(1);

    private final Disk disk;
    private final String boot;
    private final LongSupplier bootMillis;
    private volatile NodeState state;

    /** Where the state is kept. */
    public interface Disk {

        /** What was written last; null when nothing was. */
        byte @Nullable [] read() throws IOException;

        /** Replaces it: after this returned, no crash of anything brings the old text back. */
        void write(byte[] text) throws IOException;
    }

    private Ledger(Disk disk, String boot, LongSupplier bootMillis, NodeState state) {
        this.disk = disk;
        this.boot = boot;
        this.bootMillis = bootMillis;
        this.state = state;
    }

    /**
     * Reads {@code disk}, or begins with nothing.
     *
     * @param boot id of this boot of the machine
     * @param bootMillis clock since that boot, the guard's
     * @throws IOException when it cannot be read: what it held must not be forgotten
     */
    public static Ledger open(Disk disk, String boot, LongSupplier bootMillis) throws IOException {
        byte[] text = disk.read();
        if (text == null) {
            return new Ledger(disk, boot, bootMillis, NodeState.empty());
        }
        try {
            NodeState read = RecordText.decode(text, NodeState.class);
            return new Ledger(disk, boot, bootMillis, afterBoot(read, boot, bootMillis));
        } catch (MalformedRecordException e) {
            throw new IOException("cannot read what this node knew: " + e.getMessage(), e);
        }
    }

    /** Nobody knows how long ago a promise of another boot was given: it begins anew. */
    private static NodeState afterBoot(NodeState read, String boot, LongSupplier bootMillis) {
        NodeState.Promise given = read.promise();
        if (given == null || given.boot().equals(boot)) {
            return read;
        }
        long until = bootMillis.getAsLong() + given.ttlMs();
        return read.with(
                new NodeState.Promise(given.epoch(), given.holder(), boot, until, given.ttlMs()));
    }

    /** What is known. */
    public NodeState state() {
        return state;
    }

    /**
     * Promises {@code holder}, primary of {@code epoch}, to freeze for no later epoch for {@code
     * ttl}; false when that cannot be promised.
     */
    public synchronized boolean grant(long epoch, String holder, Duration ttl) {
        NodeState now = state;
        NodeState.Promise given = now.promise();
        boolean toAnother =
                given != null
                        && (given.epoch() > epoch
                                || (given.epoch() == epoch && !given.holder().equals(holder)));
        if (epoch < now.servedEpoch()
                || epoch < now.frozenEpoch()
                || toAnother
                || ttl.compareTo(LONGEST_PROMISE) > 0) {
            return false;
        }
        long until = bootMillis.getAsLong() + ttl.toMillis();
        if (given != null && given.epoch() == epoch) {
            until = Math.max(until, given.untilMillis());
        }
        return write(now.with(new NodeState.Promise(epoch, holder, boot, until, ttl.toMillis())));
    }

    /** Whether a promise forbids to take part in an election of {@code epoch} now. */
    public boolean isPromisedAgainst(long epoch) {
        NodeState.Promise given = state.promise();
        return given != null
                && given.epoch() < epoch
                && bootMillis.getAsLong() < given.untilMillis();
    }

    /** The epoch of the primary to which a promise is open now; null when to none. */
    public @Nullable Long standsBy() {
        NodeState.Promise given = state.promise();
        return given == null || bootMillis.getAsLong() >= given.untilMillis()
                ? null
                : given.epoch();
    }

    /**
     * Notes that this node freezes for {@code epoch}; false when it must not, or cannot note it.
     */
    public synchronized boolean freeze(long epoch) {
        if (isPromisedAgainst(epoch)) {
            return false;
        }
        NodeState now = state;
        return now.frozenEpoch() >= epoch || write(now.frozen(epoch));
    }

    /**
     * Learns from what the store, which {@link #isBehind} does not refuse, has; {@code revision} is
     * the sync record's.
     */
    public synchronized void saw(LeaderRecord leader, SyncRecord sync, long revision) {
        NodeState now = state;
        boolean served = leader.state() != LeaderState.ELECTING;
        NodeState next = now.saw(sync, leader.epoch(), served, revision);
        NodeState.Promise given = next.promise();
        boolean moot = given != null && given.epoch() == leader.epoch() && leader.releasedFenced();
        if (moot) {
            // By its own word the primary that it was given to can write no more.
            next = next.with((NodeState.Promise) null);
        }
        if (!next.equals(now)) {
            write(next);
        }
    }

    /**
     * Whether a store with these records is not the one this node knows: wiped, restored from an
     * old copy, or another cluster's. Such a store permits nothing. Within an epoch the revision of
     * the sync record tells, which only grows until a primary writes everything back in a new one.
     *
     * @param revision of {@code sync}; 0 when that is missing
     */
    public boolean isBehind(
            @Nullable LeaderRecord leader, @Nullable SyncRecord sync, long revision) {
        NodeState now = state;
        Long seen = now.syncRevision();
        if (now.knownEpoch() == 0) {
            return false;
        }
        return leader == null
                || sync == null
                || leader.epoch() < now.knownEpoch()
                || (leader.epoch() == now.knownEpoch() && seen != null && revision < seen)
                || !(now.clusterUuid().isEmpty() || sync.clusterUuid().equals(now.clusterUuid()));
    }

    /**
     * Notes, before it happens, that the data of this node's server {@code uuid} are about to be
     * thrown away for a copy; false when that cannot be noted, and must not happen.
     *
     * @param before what the server says of the copy before that one
     */
    public synchronized boolean empties(String uuid, ServerCopy before) {
        // Of what an earlier copy dropped, a later one that is refused says nothing. That it was
        // refused the next process does not know: it tells of the one before it.
        NodeState.Copying present = state.copying();
        NodeState.Copying copying =
                present == null
                        ? new NodeState.Copying(
                                before.nowMillis(), before.begunMillis(), before.dropMillis(), true)
                        : new NodeState.Copying(
                                before.nowMillis(), present.before(), before.dropMillis(), false);
        NodeState next = state.empties(uuid, copying);
        return next.equals(state) || write(next);
    }

    /** Whether a server that says {@code now} became a whole copy, or was to become none. */
    public boolean isCopied(ServerCopy now) {
        return state.isCopied(now);
    }

    /**
     * Whether the server, which says {@code now}, still has what it had before the copy was noted.
     * Only of the process of that time: the next one may not know of a copy that had begun.
     */
    public boolean isUntouched(ServerCopy now) {
        return state.isUntouched(now);
    }

    /**
     * Notes that the copy is complete, or never began, and that the server has {@code uuid} now;
     * false when it cannot be noted.
     */
    public synchronized boolean whole(String uuid) {
        return write(state.whole().named(uuid));
    }

    /** Notes that this node has everything again that it had acknowledged. */
    public synchronized void caughtUp() {
        write(state.caughtUp());
    }

    /**
     * Notes that the server has {@code uuid}, before anything is said of what it has; false when
     * that cannot be noted.
     *
     * @param counted whether the node is recorded as an acker
     */
    public synchronized boolean meets(String uuid, boolean counted) {
        NodeState next = state.meets(uuid, counted);
        return next.equals(state) || write(next);
    }

    /**
     * Notes that the server has {@code uuid}: it is no former one, whatever was to become of it.
     * False when that cannot be noted.
     */
    public synchronized boolean named(String uuid) {
        NodeState next = state.named(uuid);
        return next.equals(state) || write(next);
    }

    /** Notes the lead that this node holds. */
    public synchronized void leads(NodeState.Lead lead) {
        if (!lead.isLike(state.lead())) {
            write(state.with(lead));
        }
    }

    /**
     * Whoever can be elected against this node is about to change; until the next {@link #leads}
     * nothing may rely on what is noted. False when that cannot be noted.
     */
    public synchronized boolean doubtSync() {
        NodeState.Lead lead = state.lead();
        if (lead == null || !lead.sure()) {
            return true;
        }
        return write(
                state.with(
                        new NodeState.Lead(
                                lead.record(), lead.revision(), lead.sync(), false, lead.peers())));
    }

    /** Whether it could note something now. */
    public synchronized boolean isWritable() {
        return write(state);
    }

    private boolean write(NodeState next) {
        try {
            disk.write(RecordText.encode(next));
            state = next;
            return true;
        } catch (IOException e) {
            LOGGER.atError().setCause(e).log("state not written");
            return false;
        }
    }
}
