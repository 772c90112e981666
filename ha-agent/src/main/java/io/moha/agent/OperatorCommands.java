package io.moha.agent;

import io.moha.agent.act.ActionRunner;
import io.moha.agent.act.CatchUp;
import io.moha.agent.act.GetReady;
import io.moha.agent.act.Tools;
import io.moha.agent.admin.AgentCommands;
import io.moha.agent.decide.SwitchoverRules;
import io.moha.agent.observe.StoreFeed;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.CommitOutcome;
import io.moha.agent.store.ReadOutcome;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What operators ask for, written into the store for the primary's agent to take up. */
final class OperatorCommands implements AgentCommands {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Tools tools;
    private final Threads threads;
    private final ActionRunner runner;
    private final ClusterStore store;
    private final WallClock wall;
    private final ForcedFailover forced;
    private final String asker;

    /** Commands to the agent that works with {@code tools} and {@code runner}. */
    OperatorCommands(Tools tools, ActionRunner runner, Threads threads) {
        this.tools = tools;
        this.runner = runner;
        this.threads = threads;
        this.store = tools.store();
        this.wall = tools.wall();
        this.asker = tools.self().asker();
        this.forced = new ForcedFailover(store, threads, wall, asker);
    }

    @Override
    public Outcome switchover(@Nullable String to, boolean dryRun, Duration timeout) {
        if (!(store.read() instanceof ReadOutcome.Read(ClusterSnapshot seen))) {
            return new Outcome(false, "the store does not answer");
        }
        LeaderRecord leader = seen.leaderRecord();
        SyncRecord sync = seen.syncRecord();
        if (leader == null || sync == null) {
            return new Outcome(false, "there is no primary");
        }
        if (SwitchoverRules.judge(seen, leader, sync, to)
                instanceof SwitchoverRules.Answer.No(String reason)) {
            return new Outcome(false, reason);
        }
        if (seen.switchover() != null && seen.switchover().value().phase().isUnderWay()) {
            return new Outcome(false, "another switchover is under way");
        }
        SwitchoverRecord request =
                new SwitchoverRecord(
                        1,
                        UUID.randomUUID().toString(),
                        null,
                        to,
                        asker,
                        wall.now().toEpochMilli(),
                        timeout.toMillis(),
                        dryRun ? SwitchoverPhase.ASKED : SwitchoverPhase.REQUESTED,
                        "",
                        Map.of());
        Outcome asked =
                outcome(
                        store.commit(
                                Change.empty()
                                        .replace(
                                                store.keys().switchover(),
                                                seen.switchoverRevision(),
                                                request)),
                        "requested");
        return dryRun && asked.accepted() ? answer(request.id(), timeout) : asked;
    }

    /** What the primary, which alone sees its own server, says to the question {@code id}. */
    private Outcome answer(String id, Duration timeout) {
        Wakeup wakeup = threads.wakeup();
        Moment until = threads.ticker().now().plus(timeout);
        while (threads.ticker().now().isBefore(until)) {
            StoreFeed.Picture picture = tools.feed().picture();
            Versioned<SwitchoverRecord> record =
                    picture == null ? null : picture.snapshot().switchover();
            if (record != null
                    && record.value().id().equals(id)
                    && record.value().phase().isFinal()) {
                return new Outcome(
                        record.value().phase() == SwitchoverPhase.DONE, record.value().reason());
            }
            try {
                wakeup.await(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome(false, "the agent ends");
            }
        }
        return new Outcome(
                false, "the primary did not answer within " + timeout.toMillis() + " ms");
    }

    @Override
    public Outcome failover(@Nullable String to, boolean acceptLoss) {
        return forced.order(to, acceptLoss);
    }

    @Override
    public Outcome pause(String reason) {
        String by = reason.isEmpty() ? asker : asker + ": " + reason;
        PauseRecord pause = new PauseRecord(1, by, wall.now().toEpochMilli());
        return outcome(store.commit(Change.empty().put(store.keys().pause(), pause)), "paused");
    }

    @Override
    public Outcome resume() {
        return outcome(store.commit(Change.empty().delete(store.keys().pause())), "resumed");
    }

    @Override
    public Promised promise(long epoch, String holder, Duration ttl) {
        boolean granted = tools.ledger().grant(epoch, holder, ttl);
        return new Promised(granted, tools.ledger().state().knownEpoch());
    }

    @Override
    public boolean getReady(String operation, Duration limit) {
        return within(limit, GetReady.begin(tools, runner, operation));
    }

    @Override
    public boolean catchUp(long epoch, String gtids, Duration limit) {
        return within(limit, CatchUp.begin(tools, runner, epoch, gtids, limit));
    }

    private static boolean within(Duration limit, CompletableFuture<Boolean> done) {
        try {
            return done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Outcome outcome(CommitOutcome outcome, String done) {
        return switch (outcome) {
            case CommitOutcome.Done _ -> new Outcome(true, done);
            case CommitOutcome.CompareFailed _ ->
                    new Outcome(false, "somebody else asked for something at the same time");
            case CommitOutcome.Unavailable(String reason) ->
                    new Outcome(false, "the store does not answer: " + reason);
        };
    }
}
