package io.moha.agent;

import io.moha.agent.admin.AgentCommands.Outcome;
import io.moha.agent.decide.ObservedLease;
import io.moha.agent.mysql.GtidSet;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.agent.store.ReadOutcome;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.NodeRole;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operator's order to choose a primary although the cluster refuses to. Says exactly what is
 * known to be lost by it, and leaves the choice itself to the election, as a record in the store.
 */
public final class ForcedFailover {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final ClusterStore store;
    private final Threads threads;
    private final WallClock wall;
    private final String asker;

    /** Orders in the name of {@code asker}. */
    public ForcedFailover(ClusterStore store, Threads threads, WallClock wall, String asker) {
        this.store = store;
        this.threads = threads;
        this.wall = wall;
        this.asker = asker;
    }

    /**
     * Orders that {@code to}, or whoever has most when that is null, becomes primary. Blocks for up
     * to two leases, to see that there is none. Without {@code acceptLoss} it only tells the price.
     */
    public Outcome order(@Nullable String to, boolean acceptLoss) {
        ClusterSnapshot seen = withoutPrimary();
        if (seen == null) {
            return new Outcome(
                    false, "a primary is alive, or the store does not answer; nothing done");
        }
        if (seen.pause() != null) {
            return new Outcome(
                    false, "the cluster is paused: moha resume comes first; nothing done");
        }
        Optional<MemberRecord> chosen = choice(seen, to);
        if (chosen.isEmpty()) {
            return new Outcome(false, "nobody that could be chosen is alive; nothing done");
        }
        String price = price(seen, chosen.get());
        if (!acceptLoss) {
            return new Outcome(false, price + "; nothing done, because the loss was not accepted");
        }
        SwitchoverRecord order =
                new SwitchoverRecord(
                        1,
                        UUID.randomUUID().toString(),
                        null,
                        to,
                        asker,
                        wall.now().toEpochMilli(),
                        TIMEOUT.toMillis(),
                        SwitchoverPhase.REQUESTED,
                        SwitchoverRecord.ACCEPT_LOSS,
                        Map.of());
        Change change =
                Change.empty()
                        .expect(store.keys().leader(), seen.leader())
                        .replace(store.keys().switchover(), seen.switchoverRevision(), order);
        return switch (store.commit(change)) {
            case CommitOutcome.Done _ -> new Outcome(true, "ordered; " + price);
            case CommitOutcome.CompareFailed _ ->
                    new Outcome(false, "the cluster moved meanwhile; nothing done");
            case CommitOutcome.Unavailable(String reason) ->
                    new Outcome(false, "the store does not answer: " + reason);
        };
    }

    /** The cluster, when nobody has led it for a whole lease; null when somebody does. */
    private @Nullable ClusterSnapshot withoutPrimary() {
        Wakeup wakeup = threads.wakeup();
        Moment began = threads.ticker().now();
        ObservedLease lease = new ObservedLease(null, began);
        while (store.read() instanceof ReadOutcome.Read(ClusterSnapshot seen)) {
            LeaderRecord leader = seen.leaderRecord();
            Moment now = threads.ticker().now();
            lease = lease.observe(leader, now);
            if (leader == null) {
                return null;
            }
            boolean released = leader.state() == LeaderState.RELEASED && leader.releasedFenced();
            if (leader.state() == LeaderState.ELECTING || released || lease.isExpired(now)) {
                return seen;
            }
            Duration limit = Duration.ofMillis(2 * leader.ttlMs());
            if (now.since(began).compareTo(limit) > 0) {
                return null;
            }
            try {
                wakeup.await(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    private static Optional<MemberRecord> choice(ClusterSnapshot seen, @Nullable String to) {
        return alive(seen).stream()
                .filter(m -> to == null ? !seen.neverPromote(m) : m.id().equals(to))
                .max(
                        Comparator.<MemberRecord>comparingLong(m -> has(m).count())
                                .thenComparing(MemberRecord::id));
    }

    private static List<MemberRecord> alive(ClusterSnapshot seen) {
        return seen.members().values().stream()
                .filter(member -> member.report().role() != NodeRole.DOWN)
                .toList();
    }

    /** What is known to be lost; more may be, of which no living node knows. */
    private static String price(ClusterSnapshot seen, MemberRecord chosen) {
        LeaderRecord leader = seen.leaderRecord();
        GtidSet known = leader == null ? GtidSet.empty() : GtidSet.parse(leader.floor());
        for (MemberRecord member : alive(seen)) {
            known = known.union(has(member));
        }
        GtidSet lost = known.subtract(has(chosen));
        String absent =
                seen.syncRecord() == null
                        ? ""
                        : seen.syncRecord().members().stream()
                                .filter(
                                        id ->
                                                alive(seen).stream()
                                                        .noneMatch(m -> m.id().equals(id)))
                                .collect(Collectors.joining(", "));
        return chosen.id()
                + (lost.isEmpty() ? " has everything that is known" : " would lose " + lost)
                + (absent.isEmpty() ? "" : "; what only " + absent + " may have is lost as well");
    }

    private static GtidSet has(MemberRecord member) {
        return GtidSet.parse(member.report().executed())
                .union(GtidSet.parse(member.report().retrieved()));
    }
}
