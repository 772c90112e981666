package io.moha.agent.act;

import io.moha.agent.decide.Identity;
import io.moha.agent.decide.Tenure;
import io.moha.agent.guard.Guard;
import io.moha.agent.hook.Event;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.observe.ServerWatch;
import io.moha.agent.observe.StoreFeed;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.state.Ledger;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.LeaderRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What actions work with. Every wait is bounded and ends early when something happened.
 *
 * @param self who this node is
 * @param store the cluster's store
 * @param lease the hold on the leader record
 * @param guard mysqld's guard
 * @param feed pictures of the store
 * @param watch views of the server
 * @param ticker monotonic time
 * @param wall wall time, for records that people read
 * @param news woken when the store, the lease or the guard has news
 * @param ledger what this node must not forget
 * @param peers the other agents
 * @param events hears of what people may want to know; never blocks
 */
public record Tools(
        Identity self,
        ClusterStore store,
        LeaseKeeper lease,
        Guard guard,
        StoreFeed feed,
        ServerWatch watch,
        Ticker ticker,
        WallClock wall,
        Wakeup news,
        Ledger ledger,
        Peers peers,
        Consumer<Event> events) {

    /** What a holder needs to have left of its lease before it makes a server writable. */
    private static final Duration SLACK = Duration.ofMillis(500);

    /**
     * The lease's thread answers by the end of the longest lease and one call to the store after
     * it. To give up before would be to undo what may yet be done.
     */
    private static final Duration LEASE_ANSWER = Duration.ofSeconds(90);

    /** Goes on only if {@code epoch} is still held, with time to act. */
    void requireTenure(long epoch) throws AbandonedException {
        if (!lease.holds(epoch, SLACK)) {
            throw new AbandonedException("epoch " + epoch + " is not held any more");
        }
    }

    /** The tenure of {@code epoch}, with time to act in it. */
    Tenure tenure(long epoch) throws AbandonedException {
        requireTenure(epoch);
        Tenure held = lease.tenure();
        if (held == null || held.epoch() != epoch) {
            throw new AbandonedException("epoch " + epoch + " is not held any more");
        }
        return held;
    }

    /** Waits for news, at most for {@code limit}. */
    void pause(Duration limit) throws AbandonedException {
        try {
            news.await(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AbandonedException("the agent ends");
        }
    }

    /** A look at the server, which everybody else gets to see as well. */
    public ServerFacts look(MysqlServer server) throws MysqlException {
        Moment began = ticker.now();
        ServerFacts facts = server.look();
        watch.offer(facts, began);
        return facts;
    }

    /** The newest picture of the store. */
    ClusterSnapshot snapshot() throws AbandonedException {
        StoreFeed.Picture picture = feed.picture();
        if (picture == null) {
            throw new AbandonedException("the store has not answered yet");
        }
        return picture.snapshot();
    }

    /** Changes the held record and whatever goes with it, and waits until the picture shows it. */
    void change(long epoch, UnaryOperator<LeaderRecord> change, Change also)
            throws AbandonedException {
        settled(await(lease.change(epoch, change, also)));
    }

    /**
     * Changes the held record and whatever goes with it, and waits until the store confirmed it;
     * the picture may not show it yet.
     *
     * @return the revision of everything that was written
     */
    long confirm(long epoch, UnaryOperator<LeaderRecord> change, Change also)
            throws AbandonedException {
        return confirmed(lease.change(epoch, change, also));
    }

    /** Waits until the store confirmed what was asked of the lease; gives the revision. */
    long confirmed(CompletableFuture<LeaseOutcome> asked) throws AbandonedException {
        LeaseOutcome outcome = await(asked);
        if (outcome instanceof LeaseOutcome.Done(long revision)) {
            return revision;
        }
        throw notDone(outcome);
    }

    /** Waits until the picture shows a change that was made; throws when it was not made. */
    void settled(LeaseOutcome outcome) throws AbandonedException {
        switch (outcome) {
            case LeaseOutcome.Done(long revision) -> {
                Moment until = ticker.now().plus(Duration.ofSeconds(1));
                feed.poke();
                while (snapshot().revision() < revision && ticker.now().isBefore(until)) {
                    pause(Duration.ofMillis(20));
                }
            }
            case LeaseOutcome.Refused _, LeaseOutcome.Unavailable _ -> throw notDone(outcome);
        }
    }

    private static AbandonedException notDone(LeaseOutcome outcome) {
        return new AbandonedException(
                switch (outcome) {
                    case LeaseOutcome.Done _ -> "done";
                    case LeaseOutcome.Refused(String reason, _) -> reason;
                    case LeaseOutcome.Unavailable(String reason) ->
                            "the store does not answer: " + reason;
                });
    }

    /** Waits for the lease's thread. */
    LeaseOutcome await(CompletableFuture<LeaseOutcome> future) throws AbandonedException {
        await(future, LEASE_ANSWER);
        if (future.state() != Future.State.SUCCESS) {
            throw new AbandonedException("the lease did not answer: " + future);
        }
        return future.resultNow();
    }

    /** Waits until {@code future} is done, at most for {@code limit}. */
    void await(CompletableFuture<?> future, Duration limit) throws AbandonedException {
        Moment until = ticker.now().plus(limit);
        // Not the stage that wakes: it is done only after it woke, when nobody looks any more.
        CompletableFuture<?> _ = future.whenComplete((_, _) -> news.wake());
        while (!future.isDone() && ticker.now().isBefore(until)) {
            pause(until.since(ticker.now()));
        }
    }
}
