package io.moha.agent.act;

import io.moha.agent.decide.LeaseRules;
import io.moha.agent.decide.Tenure;
import io.moha.agent.guard.Guard;
import io.moha.agent.mysql.GtidSet;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the leader record: the only writer of it in this process, on a thread of its own that does
 * nothing else, so that no other work can delay a renewal.
 *
 * <p>The guard's deadline is counted from before a write was sent that the store confirmed. A
 * record that is ours no more means that mysqld is killed at once: an orderly stop could commit
 * what no replica has. A store that does not answer means nothing; the guard's deadline decides.
 */
public final class LeaseKeeper implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final LeaseOutcome NOT_NOTED =
            new LeaseOutcome.Refused("the state file cannot be written", null);

    private final ClusterStore store;
    private final Guard guard;
    private final Ticker ticker;
    private final LeaseTimes times;
    private final Failsafe failsafe;
    private final Runnable onChange;
    private final BiConsumer<String, Duration> onRenewal;
    private final LeaseRequests requests;
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private volatile @Nullable Tenure tenure;
    private volatile String floor = "";
    private volatile long syncKnownFrom = Long.MAX_VALUE;
    private volatile boolean closed;
    private Moment nextRenewal;

    /**
     * A keeper that holds nothing yet.
     *
     * @param onChange called from the lease's thread after the tenure changed
     * @param onRenewal told in a word how each write of the record went, and how long it took
     */
    public LeaseKeeper(
            ClusterStore store,
            Guard guard,
            Threads threads,
            LeaseTimes times,
            Failsafe failsafe,
            Runnable onChange,
            BiConsumer<String, Duration> onRenewal) {
        this.store = store;
        this.guard = guard;
        this.ticker = threads.ticker();
        this.times = times;
        this.failsafe = failsafe;
        this.onChange = onChange;
        this.onRenewal = onRenewal;
        this.nextRenewal = ticker.now();
        this.wakeup = threads.wakeup();
        this.requests = new LeaseRequests(wakeup);
        this.thread = threads.worker("lease", this::run);
    }

    /**
     * Starts the thread. Called once. A lead that an earlier life of this agent left, and that the
     * guard still lets stand, is held on to without asking anybody first.
     */
    public void start() {
        Tenure left = failsafe.left();
        if (left != null) {
            hold(left, "the agent is back, and mysqld lived on");
        }
        thread.start();
    }

    /** What is held now; null when nothing is. */
    public @Nullable Tenure tenure() {
        return tenure;
    }

    /** The executed set that the next renewals carry as floor; only ever grows within an epoch. */
    public synchronized void floor(String executed) {
        // A look that began earlier may end later.
        if (floor.isEmpty() || GtidSet.parse(executed).contains(GtidSet.parse(floor))) {
            floor = executed;
        }
    }

    /**
     * Pictures of the store from this revision on show who can be elected; the maximum: none do.
     */
    public long syncKnownFrom() {
        return syncKnownFrom;
    }

    /**
     * Whether {@code epoch} is held with at least {@code slack} left before the guard acts. Asked
     * before every step that makes or keeps the server writable.
     */
    public boolean holds(long epoch, Duration slack) {
        Tenure held = tenure;
        return held != null
                && held.epoch() == epoch
                && held.deadlineMillis() - guard.bootMillis() > slack.toMillis();
    }

    /**
     * Takes the leader record: writes {@code record} where {@code there} stands, null for nothing,
     * along with {@code also}, and renews it from then on.
     */
    public CompletableFuture<LeaseOutcome> acquire(
            @Nullable Versioned<LeaderRecord> there, LeaderRecord record, Change also) {
        return requests.submit(
                () -> {
                    floor = "";
                    // Without notes it could freeze for no election, and would keep others out.
                    return failsafe.canNote() ? commit(record, there, also) : NOT_NOTED;
                });
    }

    /** Changes the held record, along with {@code also}. Every change is a renewal, too. */
    public CompletableFuture<LeaseOutcome> change(
            long epoch, UnaryOperator<LeaderRecord> change, Change also) {
        return requests.submit(
                () -> {
                    Tenure held = tenure;
                    if (held == null || held.epoch() != epoch) {
                        return new LeaseOutcome.Refused("epoch " + epoch + " is not held", null);
                    }
                    return commit(change.apply(held.record()), held.there(), also);
                });
    }

    /**
     * Gives the record to another holder or releases it: {@code record} replaces the held one, and
     * nothing is held after. The caller made sure that mysqld is dead or read-only. Asks until the
     * store answers, or until the deadline passed.
     */
    public CompletableFuture<LeaseOutcome> handOver(
            long epoch, UnaryOperator<LeaderRecord> change, Change also) {
        return requests.submit(() -> giveAway(epoch, change, also));
    }

    /**
     * Writes {@code record}, a released one, where {@code there} stands, without holding it: for a
     * lead of an earlier life of this node.
     */
    public CompletableFuture<LeaseOutcome> bury(
            @Nullable Versioned<LeaderRecord> there, LeaderRecord record) {
        Change change = Change.empty().replace(store.keys().leader(), there, record);
        return requests.submit(() -> LeaseOutcome.of(store.commit(change)));
    }

    private void run() throws InterruptedException {
        while (!closed) {
            try {
                if (requests.isEmpty()) {
                    Duration wait = nextRenewal.since(ticker.now());
                    wakeup.await(tenure == null ? IDLE : wait.isNegative() ? Duration.ZERO : wait);
                }
                requests.runNext();
                if (tenure != null && !ticker.now().isBefore(nextRenewal)) {
                    renew();
                }
            } catch (RuntimeException e) {
                // Without this thread the guard would kill a healthy server.
                LOGGER.atError().setCause(e).log("lease step failed");
                nextRenewal = ticker.now().plus(times.retryAfter());
            }
        }
    }

    private void renew() {
        Tenure held = tenure;
        nextRenewal = ticker.now().plus(times.retryAfter());
        if (held == null || held.isDying(guard.status())) {
            return;
        }
        if (held.isOver(guard.bootMillis())) {
            lost(held, "its time is over");
            return;
        }
        LeaderRecord record = held.record();
        // Until it serves, what it must reach stands there, not what it has reached.
        String newFloor = Failsafe.isServing(held) && !floor.isEmpty() ? floor : record.floor();
        LeaseOutcome outcome = commit(record.renewed(newFloor), held.there(), Change.empty());
        if (outcome instanceof LeaseOutcome.Unavailable(String reason)) {
            stretch();
            TenureLog.notRenewed(held, held.deadlineMillis() - guard.bootMillis(), reason);
        }
    }

    /** Keeps the lead without the store, as long as that provably harms nobody. */
    private void stretch() {
        Tenure held = tenure;
        long until = held == null ? 0 : failsafe.extend(held);
        if (held != null && until > held.deadlineMillis()) {
            guard.extend(held.epoch(), until);
            hold(new Tenure(held.there(), until), "promises");
        }
    }

    private LeaseOutcome commit(
            LeaderRecord record, @Nullable Versioned<LeaderRecord> there, Change also) {
        if (also.puts().containsKey(store.keys().sync())) {
            syncKnownFrom = Long.MAX_VALUE;
            if (!failsafe.doubtSync()) {
                return NOT_NOTED;
            }
        }
        return write(record, there, also);
    }

    private LeaseOutcome write(
            LeaderRecord asked, @Nullable Versioned<LeaderRecord> there, Change also) {
        LeaderRecord record = asked.lasting(times.ttl().toMillis());
        long sentMillis = guard.bootMillis();
        Moment sentAt = ticker.now();
        nextRenewal = sentAt.plus(times.renewEvery());
        CommitOutcome outcome = store.commit(also.replace(store.keys().leader(), there, record));
        onRenewal.accept(outcome.label(), ticker.now().since(sentAt));
        return switch (outcome) {
            case CommitOutcome.Done(long written) -> {
                if (syncKnownFrom == Long.MAX_VALUE) {
                    syncKnownFrom = written;
                }
                failsafe.confirmed(record, written, also);
                confirmed(record, written, sentMillis);
                yield new LeaseOutcome.Done(written);
            }
            case CommitOutcome.CompareFailed(ClusterSnapshot now) ->
                    compareFailed(record, there, also, now);
            case CommitOutcome.Unavailable(String reason) -> {
                nextRenewal = ticker.now().plus(times.retryAfter());
                yield new LeaseOutcome.Unavailable(reason);
            }
        };
    }

    private void confirmed(LeaderRecord record, long revision, long sentMillis) {
        long deadline = times.deadline(sentMillis);
        if (Tenure.armed(record.state())) {
            guard.extend(record.epoch(), deadline);
        }
        hold(new Tenure(record, revision, deadline), record.reason());
    }

    private LeaseOutcome compareFailed(
            LeaderRecord intended,
            @Nullable Versioned<LeaderRecord> there,
            Change also,
            ClusterSnapshot now) {
        Tenure held = tenure;
        if (held == null) {
            return new LeaseOutcome.Refused("somebody else was faster", now);
        }
        Versioned<LeaderRecord> found = now.leader();
        if (there == null ? found == null : there.isSame(found)) {
            return new LeaseOutcome.Refused("what goes with it had changed", now);
        }
        return switch (LeaseRules.onCompareFailed(held.record(), now.leaderRecord())) {
            case LeaseRules.Verdict.Adopt() -> {
                // An earlier write of ours did happen. Its own deadline is not known any more, so
                // the old one stays until the next renewal, which follows at once.
                hold(
                        new Tenure(Objects.requireNonNull(found), held.deadlineMillis()),
                        "adopted a write whose answer was lost");
                nextRenewal = ticker.now();
                yield also.puts().isEmpty() && intended.state() == found.value().state()
                        ? new LeaseOutcome.Done(now.leaderRevision())
                        : new LeaseOutcome.Refused("the record had moved on", now);
            }
            case LeaseRules.Verdict.Challenged(String reason) -> rescue(held, now, false, reason);
            case LeaseRules.Verdict.Forgotten(String reason) -> rescue(held, now, true, reason);
            case LeaseRules.Verdict.Lost(String reason) -> {
                lost(held, reason);
                yield new LeaseOutcome.Refused(reason, now);
            }
        };
    }

    /**
     * Takes the record back, if that is provably safe. Who began an election has the lead if not; a
     * store that forgot permits nothing, and takes nothing away before the time is over.
     */
    private LeaseOutcome rescue(
            Tenure held, ClusterSnapshot now, boolean forgotten, String reason) {
        Failsafe.Rescue rescue = failsafe.rescue(held, now, store.keys());
        // A store that forgot may count its revisions from the beginning.
        syncKnownFrom = forgotten ? Long.MAX_VALUE : syncKnownFrom;
        LeaseOutcome outcome =
                rescue == null
                        ? new LeaseOutcome.Refused(reason, now)
                        : write(rescue.next(), now.leader(), rescue.also());
        if (outcome instanceof LeaseOutcome.Refused && Objects.equals(tenure, held)) {
            if (!forgotten || !held.armed() || guard.bootMillis() >= held.deadlineMillis()) {
                lost(held, reason);
            } else {
                nextRenewal = ticker.now().plus(times.retryAfter());
                return new LeaseOutcome.Unavailable(reason);
            }
        }
        return outcome instanceof LeaseOutcome.Unavailable
                ? outcome
                : new LeaseOutcome.Refused(reason, now);
    }

    private void lost(Tenure held, String reason) {
        if (held.armed()) {
            guard.kill(held.epoch(), reason);
        }
        TenureLog.lost(held, reason);
        hold(null, reason);
    }

    private LeaseOutcome giveAway(long epoch, UnaryOperator<LeaderRecord> change, Change also) {
        Tenure held = tenure;
        if (held == null || held.epoch() != epoch) {
            return new LeaseOutcome.Refused("epoch " + epoch + " is not held", null);
        }
        LeaderRecord given = change.apply(held.record());
        // Whoever releases it writes no more, and others must be able to take over in any case.
        boolean goesOn = held.armed() && given.state() != LeaderState.RELEASED;
        if (goesOn && !failsafe.doubtSync()) {
            return NOT_NOTED;
        }
        syncKnownFrom = Long.MAX_VALUE;
        Change whole = also.replace(store.keys().leader(), held.there(), given);
        while (true) {
            switch (store.commit(whole)) {
                case CommitOutcome.Done(long revision) -> {
                    return given(held, revision, given.reason());
                }
                case CommitOutcome.CompareFailed(ClusterSnapshot now) -> {
                    if (given.equals(now.leaderRecord())) {
                        return given(held, now.leaderRevision(), given.reason());
                    }
                    return compareFailed(given, held.there(), also, now);
                }
                case CommitOutcome.Unavailable(String reason) -> {
                    if (guard.bootMillis() >= held.deadlineMillis()) {
                        hold(null, "gave up handing over: " + reason);
                        return new LeaseOutcome.Unavailable(reason);
                    }
                    try {
                        wakeup.await(times.retryAfter());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return new LeaseOutcome.Unavailable("the agent ends");
                    }
                }
            }
        }
    }

    private LeaseOutcome given(Tenure held, long revision, String reason) {
        if (held.armed()) {
            guard.disarm(held.epoch());
        }
        hold(null, reason);
        return new LeaseOutcome.Done(revision);
    }

    private void hold(@Nullable Tenure next, String reason) {
        Tenure before = tenure;
        tenure = next;
        TenureLog.changed(before, next, reason);
        onChange.run();
    }

    /** Ends the thread; the record stands still from now on. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
