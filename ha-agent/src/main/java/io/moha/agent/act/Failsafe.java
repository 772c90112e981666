package io.moha.agent.act;

import io.moha.agent.decide.Tenure;
import io.moha.agent.guard.Guard;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.state.Ledger;
import io.moha.agent.state.NodeState;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a primary lives on while the store is of no use.
 *
 * <p>Every election has to freeze N−k+1 of the ackers, and a node that promised to stand by the
 * primary does not freeze. Promises of k ackers therefore meet every such quorum, and are as good
 * as a lease. Without acknowledgements any member could be elected, so all must promise; in single
 * primary mode nobody else can be, so nobody is asked. Used by the lease's thread only.
 */
public final class Failsafe {

    private static final Logger LOGGER = LoggerFactory.getLogger(Failsafe.class);
    private static final Duration ASK_LIMIT = Duration.ofMillis(600);

    /** How many calls of the store, at their longest, fit between two renewals' deadlines. */
    private static final int STORE_CALLS = 3;

    /** What must be left of the lease to take it back from an election. */
    private static final Duration SLACK = Duration.ofMillis(500);

    private final Ledger ledger;
    private final Peers peers;
    private final Guard guard;
    private final LeaseTimes times;
    private final WallClock wall;
    private String lastSaid = "";

    /** A failsafe that relies on what {@code ledger} noted. */
    public Failsafe(Ledger ledger, Peers peers, Guard guard, LeaseTimes times, WallClock wall) {
        this.ledger = ledger;
        this.peers = peers;
        this.guard = guard;
        this.times = times;
        this.wall = wall;
    }

    /**
     * A way back into the store: {@code next} in place of what is there, along with {@code also}.
     */
    record Rescue(LeaderRecord next, Change also) {}

    /** The lead that an earlier life of this agent left and that still stands; null when none. */
    @Nullable Tenure left() {
        NodeState.Lead lead = ledger.state().lead();
        GuardStatus status = guard.status();
        if (lead == null
                || status.state() != GuardStatus.State.RUNNING
                || status.epoch() != lead.record().epoch()
                || status.fencedEpoch() >= lead.record().epoch()
                || status.deadlineMillis() - guard.bootMillis() < SLACK.toMillis()) {
            return null;
        }
        // Another version of the agent may have written it, in other words.
        return new Tenure(new Versioned<>(lead.record(), lead.revision()), status.deadlineMillis());
    }

    /**
     * Before a change of who can be elected is sent: nothing that was known of it holds until its
     * outcome is known.
     */
    boolean doubtSync() {
        return ledger.doubtSync();
    }

    /** Whether what this node must not forget can be written down. */
    boolean canNote() {
        return ledger.isWritable();
    }

    /** Until when {@code held} may be acted on though the store does not confirm it; 0 when not. */
    long extend(Tenure held) {
        NodeState.Lead lead = lead(held);
        if (lead == null) {
            return 0;
        }
        long askedMillis = guard.bootMillis();
        String by = suffices(lead, held);
        while (by == null && isWorthAskingAgain(held, askedMillis)) {
            askedMillis = guard.bootMillis();
            by = suffices(lead, held);
        }
        if (by == null) {
            return 0;
        }
        if (!by.equals(lastSaid)) {
            LOGGER.atWarn()
                    .addKeyValue("epoch", held.epoch())
                    .addKeyValue("by", by)
                    .log("serves without the store");
            lastSaid = by;
        }
        return askedMillis + times.ttl().toMillis() - times.margin().toMillis();
    }

    /**
     * Whether somebody did not answer, rather than refuse, and time is left to ask once more, but
     * not for another round with the store before: a packet that got lost alone costs a second.
     */
    private boolean isWorthAskingAgain(Tenure held, long askedMillis) {
        long now = guard.bootMillis();
        long left = held.deadlineMillis() - now;
        long asking = ASK_LIMIT.toMillis();
        long storeCall = times.ttl().minus(times.margin()).dividedBy(STORE_CALLS).toMillis();
        return now - askedMillis >= asking
                && left > asking
                && left < times.retryAfter().toMillis() + storeCall + asking;
    }

    /**
     * The store confirms that {@code record} is there at {@code revision}, along with {@code also}.
     * Who can be elected now is noted at once if that says it: what follows on this answer counts
     * on it, and the next picture of the store might never come.
     */
    void confirmed(LeaderRecord record, long revision, Change also) {
        NodeState.Lead before = ledger.state().lead();
        for (Record put : also.puts().values()) {
            if (put instanceof SyncRecord sync
                    && isServing(record.state())
                    && before != null
                    && before.record().incarnation().equals(record.incarnation())) {
                ledger.leads(new NodeState.Lead(record, revision, sync, true, before.peers()));
            }
        }
        if (!lastSaid.isEmpty()) {
            LOGGER.atInfo().log("serves with the store again");
            lastSaid = "";
        }
    }

    private NodeState.@Nullable Lead lead(Tenure held) {
        NodeState.Lead lead = ledger.state().lead();
        boolean serves = isServing(held);
        return serves && lead != null && lead.record().epoch() == held.epoch() ? lead : null;
    }

    static boolean isServing(Tenure held) {
        return isServing(held.state());
    }

    private static boolean isServing(LeaderState state) {
        return state == LeaderState.SERVING || state == LeaderState.SWITCHING;
    }

    /** Whose word is enough; null when it is not. */
    private @Nullable String suffices(NodeState.Lead lead, Tenure held) {
        SyncRecord sync = lead.sync();
        if (lead.sure() && sync.mode() == SyncMode.SPM) {
            return "nobody else can be elected";
        }
        Set<String> granted = new TreeSet<>();
        ask(lead.peers(), held).forEach((id, answer) -> addIf(answer.granted(), granted, id));
        if (lead.sure() && sync.mode() == SyncMode.SYNC && sync.acks() > 0) {
            long ackers = granted.stream().filter(sync.ackers()::contains).count();
            return ackers >= sync.acks() ? "promises of " + granted : null;
        }
        return granted.containsAll(others(sync, held)) ? "promises of " + granted : null;
    }

    private static void addIf(boolean granted, Set<String> to, String id) {
        if (granted) {
            to.add(id);
        }
    }

    private Map<String, Peers.Promised> ask(Map<String, String> whom, Tenure held) {
        return peers.ask(whom, held.epoch(), held.record().holder(), times.ttl(), ASK_LIMIT);
    }

    /**
     * Where the others answer. Who was away since this node leads is known only from the key that
     * it wrote into the store after that forgot.
     */
    private static Map<String, String> peers(
            NodeState.Lead lead, Tenure held, ClusterSnapshot now) {
        Map<String, String> known = new HashMap<>();
        for (String id : others(lead.sync(), held)) {
            MemberRecord member = now.members().get(id);
            String noted = lead.peers().get(id);
            if (noted != null) {
                known.put(id, noted);
            } else if (member != null) {
                known.put(id, member.http());
            }
        }
        return known;
    }

    private static List<String> others(SyncRecord sync, Tenure held) {
        return sync.members().stream().filter(id -> !id.equals(held.record().holder())).toList();
    }

    /**
     * What to write over {@code now}, in which somebody began an election although this node still
     * serves, or which lost this node's record; null when nothing is provably safe.
     */
    @Nullable Rescue rescue(Tenure held, ClusterSnapshot now, ClusterKeys keys) {
        NodeState.Lead lead = lead(held);
        if (lead == null || held.deadlineMillis() - guard.bootMillis() < SLACK.toMillis()) {
            return null;
        }
        LeaderRecord found = now.leaderRecord();
        if (found != null && found.epoch() > held.epoch()) {
            return found.state() == LeaderState.ELECTING ? reclaim(held, found, now, keys) : null;
        }
        return restore(lead, held, now, keys);
    }

    /** Nobody was promoted: one compare-and-set decides between the elector and this node. */
    private static Rescue reclaim(
            Tenure held, LeaderRecord found, ClusterSnapshot now, ClusterKeys keys) {
        String reason = "serves on; " + found.holder() + " had begun an election";
        return new Rescue(
                at(held.record(), found.epoch() + 1, reason),
                Change.empty().expect(keys.sync(), now.syncRevision()));
    }

    private @Nullable Rescue restore(
            NodeState.Lead lead, Tenure held, ClusterSnapshot now, ClusterKeys keys) {
        SyncRecord there = now.syncRecord();
        HistoryRecord last = now.lastChange();
        boolean foreign = there != null && !there.clusterUuid().equals(lead.sync().clusterUuid());
        if (foreign || (last != null && last.epoch() > held.epoch())) {
            return null;
        }
        long epoch = held.epoch();
        if (!lead.sure() || now.leaderRecord() != null || !lead.sync().equals(there)) {
            // More is lost than the one record: every member must confirm that it knows no better.
            // Of a change under way nothing was done yet that what was noted before forbids.
            Map<String, Peers.Promised> answers = ask(peers(lead, held, now), held);
            for (String member : others(lead.sync(), held)) {
                Peers.Promised answer = answers.get(member);
                if (answer == null || !answer.granted()) {
                    return null;
                }
                epoch = Math.max(epoch, answer.epoch());
            }
        }
        String reason = "the store had lost the lead of epoch " + held.epoch();
        String self = held.record().holder();
        HistoryRecord resumed =
                new HistoryRecord(
                        1,
                        epoch + 1,
                        wall.now().toEpochMilli(),
                        HistoryRecord.Kind.RESUME,
                        reason,
                        self,
                        self,
                        Map.of(),
                        "",
                        held.record().serverUuid());
        return new Rescue(
                at(held.record(), epoch + 1, reason),
                Change.empty()
                        .replace(keys.sync(), now.syncRevision(), lead.sync())
                        .put(keys.history(epoch + 1), resumed));
    }

    private static LeaderRecord at(LeaderRecord record, long epoch, String reason) {
        return new LeaderRecord(
                record.version(),
                epoch,
                record.holder(),
                record.incarnation(),
                record.ttlMs(),
                1,
                LeaderState.SERVING,
                false,
                record.floor(),
                record.address(),
                record.serverUuid(),
                reason);
    }
}
