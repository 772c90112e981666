package io.moha.agent.sim;

import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.SettingsRecord;
import io.moha.protocol.cluster.SwitchoverAck;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The store: one linearizable map with revisions, transactions, leases and watches. Its quorum can
 * be away or slow, its leases can end early or late, its watches can hang, its answers can be lost
 * on the way, and it can be wiped or go back to a backup.
 */
final class SimStore {

    private static final long WATCH_MS = 2;

    /** What is told of every transaction that changed something. */
    interface Listener {
        /** The store changed by {@code change} of node {@code by}. */
        void onChange(int by, Change change, ClusterSnapshot before, ClusterSnapshot after);
    }

    private final Simulation sim;
    private final SimNetwork network;
    private final ClusterKeys keys = ClusterKeys.of("/moha", "sim");
    private final Map<Integer, Runnable> watchers = new TreeMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, Simulation.Event> leases = new HashMap<>();
    private TreeMap<String, Versioned<?>> map = new TreeMap<>();
    private long revision = 1;
    private boolean quorum = true;
    private boolean watchesHang;
    private long slowness;
    private int wipes;
    private final Map<Integer, Long> confirmedAt = new HashMap<>();
    private @Nullable ClusterSnapshot present;
    private @Nullable ClusterSnapshot truth;
    private @Nullable LeaderRecord forgetful;

    SimStore(Simulation sim, SimNetwork network) {
        this.sim = sim;
        this.network = network;
    }

    ClusterKeys keys() {
        return keys;
    }

    void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Whether it answers at all. */
    boolean hasQuorum() {
        return quorum;
    }

    /** Lets it answer, or not. */
    void quorum(boolean there) {
        quorum = there;
    }

    /** How much longer than usual each request takes, in nanoseconds. */
    long slowness() {
        return slowness;
    }

    /** Makes each request take up to {@code nanos} longer. */
    void slowness(long nanos) {
        slowness = nanos;
    }

    /** Lets watches tell nothing, or tell again. */
    void watchesHang(boolean hang) {
        watchesHang = hang;
    }

    /** How often everything in it was lost. */
    int wipes() {
        return wipes;
    }

    /** Loses everything. */
    void wipe() {
        restore(new TreeMap<>(), 1);
    }

    /** What it holds now, to go back to later. */
    Runnable backup() {
        Map<String, Versioned<?>> copy = new TreeMap<>(map);
        long then = revision;
        return () -> restore(copy, then);
    }

    private void restore(Map<String, Versioned<?>> content, long then) {
        truth = trusted();
        map = new TreeMap<>(content);
        map.keySet().removeIf(key -> key.startsWith(keys.members()));
        revision = then;
        present = null;
        forgetful = snapshot().leaderRecord();
        wipes++;
        if (sim.tracing()) {
            sim.note("the store goes back to r" + then + ": " + snapshot().leaderRecord());
        }
        notifyWatchers();
    }

    /** Whether it went back, and nobody was made primary since: what it holds binds nobody. */
    boolean hasForgotten() {
        return truth != null;
    }

    /** What was true before it went back, until somebody is primary by what it holds now. */
    ClusterSnapshot trusted() {
        ClusterSnapshot before = truth;
        return before == null ? snapshot() : before;
    }

    /** What is true now that {@code now} is there: a primary by it makes it true as a whole. */
    private @Nullable ClusterSnapshot truth(ClusterSnapshot before, ClusterSnapshot now) {
        LeaderRecord old = before.leaderRecord();
        LeaderRecord leader = now.leaderRecord();
        if (leader == null || old == null || leader.equals(forgetful)) {
            return before;
        }
        forgetful = leader;
        return switch (leader.state()) {
            case PROMOTING, SERVING, SWITCHING -> null;
            case ELECTING -> leader.epoch() > old.epoch() ? with(before, leader) : before;
            case RELEASED ->
                    leader.epoch() == old.epoch() && old.state() == LeaderState.ELECTING
                            ? with(before, leader)
                            : before;
        };
    }

    private static ClusterSnapshot with(ClusterSnapshot before, LeaderRecord leader) {
        return new ClusterSnapshot(
                before.revision(),
                new Versioned<>(leader, before.leaderRevision()),
                before.sync(),
                before.members(),
                before.proxies(),
                before.switchover(),
                before.acks(),
                before.settings(),
                before.pause(),
                before.lastChange());
    }

    /** Has node {@code node} told of changes from now on; null ends it. */
    void watch(int node, @Nullable Runnable onChange) {
        if (onChange == null) {
            watchers.remove(node);
        } else {
            watchers.put(node, onChange);
        }
    }

    /** When the newest write of the leader record that {@code node} knows of was sent. */
    long confirmedAt(int node) {
        return confirmedAt.getOrDefault(node, 0L);
    }

    /** {@code node} got to hear that {@code change}, sent at {@code sent}, is done. */
    void confirmed(int node, Change change, long sent) {
        if (change.puts().containsKey(keys.leader())) {
            confirmedAt.put(node, sent);
        }
    }

    /** Does {@code change} for node {@code by} if all it expects holds. */
    boolean commit(int by, Change change) {
        for (Map.Entry<String, Change.Expected> expected : change.expected().entrySet()) {
            Versioned<?> there = map.get(expected.getKey());
            String text = expected.getValue().text();
            if ((there == null ? 0 : there.revision()) != expected.getValue().revision()
                    || (text != null && there != null && !text.equals(there.text()))) {
                return false;
            }
        }
        ClusterSnapshot before = trusted();
        revision++;
        change.deletes().forEach(map::remove);
        new TreeMap<>(change.puts()).forEach((key, value) -> map.put(key, versioned(key, value)));
        present = null;
        if (truth != null) {
            truth = truth(truth, snapshot());
        }
        ClusterSnapshot after = trusted();
        if (sim.tracing()) {
            sim.note("store r" + revision + " by n" + (by + 1) + ": " + told(change));
        }
        listeners.forEach(listener -> listener.onChange(by, change, before, after));
        notifyWatchers();
        return true;
    }

    private Versioned<?> versioned(String key, Record value) {
        return key.equals(keys.leader())
                ? Versioned.written(value, revision)
                : new Versioned<>(value, revision);
    }

    private static String told(Change change) {
        StringBuilder told = new StringBuilder();
        new TreeMap<>(change.puts())
                .forEach(
                        (key, value) ->
                                told.append(key.substring(key.lastIndexOf('/') + 1))
                                        .append('=')
                                        .append(value)
                                        .append(' '));
        return told.append(change.deletes().isEmpty() ? "" : "without " + change.deletes())
                .toString();
    }

    /** Writes a member's key under a lease of {@code ttl} nanoseconds. */
    long register(int by, MemberRecord member, long ttl) {
        boolean _ = commit(by, Change.empty().put(keys.member(member.id()), member));
        keepAlive(member.id(), ttl);
        return revision;
    }

    /** Renews the lease of {@code node}'s key; false when the key is gone. */
    boolean keepAlive(String node, long ttl) {
        String key = keys.member(node);
        Simulation.Event old = leases.remove(key);
        if (old != null) {
            old.cancel();
        }
        if (!map.containsKey(key)) {
            return false;
        }
        leases.put(key, sim.in(ttl, () -> expire(node)));
        return true;
    }

    /** The lease of {@code node}'s key is over, be it due or not. */
    void expire(String node) {
        String key = keys.member(node);
        if (map.containsKey(key)) {
            boolean _ = commit(-1, Change.empty().delete(key));
        }
    }

    private void notifyWatchers() {
        if (watchesHang) {
            return;
        }
        watchers.forEach(
                (node, onChange) -> {
                    if (network.passes(network.store(), node) && quorum) {
                        Simulation.Event _ =
                                sim.in(
                                        sim.between(1, WATCH_MS * Simulation.MS),
                                        () -> {
                                            if (onChange.equals(watchers.get(node))) {
                                                onChange.run();
                                            }
                                        });
                    }
                });
    }

    /** Everything, at the present revision. */
    ClusterSnapshot snapshot() {
        ClusterSnapshot known = present;
        if (known == null) {
            known = build();
            present = known;
        }
        return known;
    }

    private ClusterSnapshot build() {
        Map<String, MemberRecord> members = new HashMap<>();
        Set<String> proxies = new HashSet<>();
        Map<String, SwitchoverAck> acks = new HashMap<>();
        Map<String, Versioned<RejoinRecord>> rejoins = new HashMap<>();
        HistoryRecord last = null;
        PauseRecord pause = null;
        for (Map.Entry<String, Versioned<?>> entry : map.entrySet()) {
            switch (entry.getValue().value()) {
                case MemberRecord member -> members.put(member.id(), member);
                case SwitchoverAck ack ->
                        acks.put(entry.getKey().substring(keys.switchoverAcks().length()), ack);
                case RejoinRecord order ->
                        rejoins.put(
                                entry.getKey().substring(keys.rejoin("").length()),
                                new Versioned<>(order, entry.getValue().revision()));
                case HistoryRecord history -> last = history;
                case PauseRecord paused -> pause = paused;
                default -> {}
            }
        }
        return new ClusterSnapshot(
                revision,
                versioned(keys.leader(), LeaderRecord.class),
                versioned(keys.sync(), SyncRecord.class),
                members,
                proxies,
                versioned(keys.switchover(), SwitchoverRecord.class),
                acks,
                new SettingsRecord(1, Map.of()),
                pause,
                last,
                rejoins);
    }

    private <R extends Record> @Nullable Versioned<R> versioned(String key, Class<R> type) {
        Versioned<?> there = map.get(key);
        return there == null
                ? null
                : new Versioned<>(type.cast(there.value()), there.revision(), there.text());
    }
}
