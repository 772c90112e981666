package io.moha.agent;

import io.moha.agent.act.ActionRunner;
import io.moha.agent.act.CatchUp;
import io.moha.agent.act.Failsafe;
import io.moha.agent.act.GetReady;
import io.moha.agent.act.Keepsake;
import io.moha.agent.act.LeaseKeeper;
import io.moha.agent.act.LeaseTimes;
import io.moha.agent.act.Peers;
import io.moha.agent.act.Tools;
import io.moha.agent.admin.AgentCommands;
import io.moha.agent.admin.AgentMetrics;
import io.moha.agent.admin.AgentView;
import io.moha.agent.decide.Identity;
import io.moha.agent.decide.Tenure;
import io.moha.agent.decide.Verdict;
import io.moha.agent.guard.Guard;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.hook.Event;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.observe.ServerWatch;
import io.moha.agent.observe.StoreFeed;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.state.Ledger;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterStore;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One agent, put together from its parts; they share nothing but what is passed here. */
final class Agent {

    private static final Logger LOGGER = LoggerFactory.getLogger(Agent.class);
    private static final Duration HAND_OVER = Duration.ofSeconds(8);
    private static final Duration READ_ONLY = Duration.ofSeconds(2);
    private static final Duration DEATH = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(20);

    private static final String STOPPED = "the agent stopped";

    private final Parts parts;
    private final Tools tools;
    private final ActionRunner runner;
    private final MemberReporter reporter;
    private final AgentLoop loop;
    private final AgentCommands commands;
    private volatile @Nullable AgentMetrics metrics;
    private final Wakeup stopping;
    private volatile AgentView view;

    /**
     * What an agent is made from. The agent closes the store and the guard when it stops.
     *
     * @param identity who this node is
     * @param facts what it tells of itself
     * @param times of the lease
     * @param store the cluster's store
     * @param guard mysqld's guard
     * @param servers opens a connection to mysqld
     * @param keepsake keeps what a rebuild would throw away
     * @param ledger what this node must not forget
     * @param peers the other agents, spoken to without the store
     * @param hooks hears of every event; never blocks
     */
    record Parts(
            Identity identity,
            Reports.AgentFacts facts,
            LeaseTimes times,
            ClusterStore store,
            Guard guard,
            Supplier<MysqlServer> servers,
            Keepsake keepsake,
            Ledger ledger,
            Peers peers,
            Consumer<Event> hooks) {}

    Agent(Parts parts, Threads threads, WallClock wall) {
        this.parts = parts;
        this.stopping = threads.wakeup();
        this.view = AgentView.starting(parts.facts().cluster(), parts.identity().id());
        Wakeup loopWakeup = threads.wakeup();
        Wakeup news = threads.wakeup();
        Runnable signal =
                () -> {
                    loopWakeup.wake();
                    news.wake();
                    stopping.wake();
                };
        ClusterStore store = parts.store();
        Failsafe failsafe =
                new Failsafe(parts.ledger(), parts.peers(), parts.guard(), parts.times(), wall);
        LeaseKeeper lease =
                new LeaseKeeper(
                        store,
                        parts.guard(),
                        threads,
                        parts.times(),
                        failsafe,
                        signal,
                        this::renewed);
        StoreFeed feed = new StoreFeed(store, threads, signal);
        ServerWatch watch = new ServerWatch(parts.servers(), threads, signal, lease::floor);
        this.tools =
                new Tools(
                        parts.identity(),
                        store,
                        lease,
                        parts.guard(),
                        feed,
                        watch,
                        threads.ticker(),
                        wall,
                        news,
                        parts.ledger(),
                        parts.peers(),
                        this::announce);
        this.runner = new ActionRunner(parts.servers(), threads, signal);
        this.reporter = new MemberReporter(store, threads);
        this.loop =
                new AgentLoop(
                        tools,
                        runner,
                        new AgentLoop.Outlets(
                                reporter,
                                new Reports(parts.facts()),
                                parts.keepsake(),
                                this::show,
                                this::ticked),
                        threads,
                        loopWakeup);
        this.commands = new OperatorCommands(tools, runner, threads);
        parts.guard().onChange(signal);
    }

    /** The newest picture for people. */
    AgentView view() {
        return view;
    }

    private void announce(Event event) {
        AgentMetrics meters = metrics;
        if (meters != null) {
            switch (event) {
                case Event.RoleChanged changed -> meters.onRoleChange(changed.to());
                case Event.AfterPromotion(var change) -> meters.onPromotion(change);
                case Event.Detected _, Event.BeforePromotion _ -> {}
            }
        }
        parts.hooks().accept(event);
    }

    private void show(AgentView seen) {
        Verdict verdict = seen.verdict();
        if (verdict != null
                && (view.verdict() == null || verdict.kind() != view.verdict().kind())) {
            // A server that is well is worth a word only after one that was not.
            if (verdict.kind() != Verdict.Kind.WELL || view.verdict() != null) {
                LOGGER.atWarn()
                        .addKeyValue("verdict", verdict.kind())
                        .addKeyValue("reason", verdict.reason())
                        .log("server judged");
                announce(new Event.Detected(verdict));
            }
        }
        if (seen.role() != view.role()) {
            announce(new Event.RoleChanged(view.role(), seen.role(), seen.epoch(), seen.reason()));
            LOGGER.atInfo()
                    .addKeyValue("from", view.role())
                    .addKeyValue("to", seen.role())
                    .addKeyValue("epoch", seen.epoch())
                    .addKeyValue("reason", seen.reason())
                    .log("role changed");
        }
        view = seen;
    }

    private void ticked(Duration time) {
        AgentMetrics meters = metrics;
        if (meters != null) {
            meters.onTick(time);
        }
    }

    private void renewed(String outcome, Duration time) {
        AgentMetrics meters = metrics;
        if (meters != null) {
            meters.onRenewal(outcome, time);
        }
    }

    /** Begins to count; apart from the start, because a lease may be about to run out there. */
    AgentMetrics measure() {
        AgentMetrics meters = new AgentMetrics(this::view, parts.guard()::bootMillis);
        metrics = meters;
        return meters;
    }

    /** As {@link GetReady#begin}. */
    CompletableFuture<Boolean> getReady(String operation) {
        return GetReady.begin(tools, runner, operation);
    }

    /** As {@link CatchUp#begin}. */
    CompletableFuture<Boolean> catchUp(long epoch, String gtids, Duration limit) {
        return CatchUp.begin(tools, runner, epoch, gtids, limit);
    }

    /** What operators may ask of it. */
    AgentCommands commands() {
        return commands;
    }

    void start() {
        tools.lease().start();
        tools.feed().start();
        tools.watch().start();
        reporter.start();
        runner.start();
        loop.start();
    }

    /**
     * Stops in an orderly way: a primary hands over if it can, else it gives the lead up read-only;
     * then mysqld is stopped. Blocks, at most for about half a minute.
     */
    void stop() {
        boolean handedOver = handOver();
        loop.close();
        runner.close();
        boolean idle = awaitUntil(() -> runner.current() == null);
        if (!handedOver) {
            giveUp(idle);
        }
        reporter.close();
        tools.store().unregister();
        tools.lease().close();
        tools.feed().close();
        tools.watch().close();
        parts.guard().shutdown(STOP);
        tools.store().close();
        LOGGER.atInfo().log("agent stopped");
    }

    /** Whether this node holds nothing any more, after trying to hand over if it serves. */
    private boolean handOver() {
        Tenure tenure = tools.lease().tenure();
        if (tenure == null) {
            return true;
        }
        if (tenure.state() != LeaderState.SERVING) {
            return false;
        }
        long askedAtMs = tools.wall().now().toEpochMilli();
        AgentCommands.Outcome asked = commands.switchover(null, false, HAND_OVER);
        LOGGER.atInfo().addKeyValue("outcome", asked.message()).log("asked to hand over");
        if (!asked.accepted()) {
            return false;
        }
        tools.feed().poke();
        Moment until = tools.ticker().now().plus(HAND_OVER);
        try {
            while (tools.lease().tenure() != null && tools.ticker().now().isBefore(until)) {
                if (wasRefused(askedAtMs)) {
                    return false;
                }
                stopping.await(Duration.ofMillis(50));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return tools.lease().tenure() == null;
    }

    private boolean wasRefused(long askedAtMs) {
        StoreFeed.Picture picture = tools.feed().picture();
        if (picture == null || picture.snapshot().switchover() == null) {
            return false;
        }
        SwitchoverRecord record = picture.snapshot().switchover().value();
        return record.phase() == SwitchoverPhase.ABANDONED && record.requestedAtMs() >= askedAtMs;
    }

    /** Makes the server unable to write, then says so. */
    private void giveUp(boolean idle) {
        Tenure tenure = tools.lease().tenure();
        if (tenure == null) {
            return;
        }
        AtomicReference<@Nullable String> last = new AtomicReference<>();
        try (MysqlServer server = parts.servers().get()) {
            if (!idle) {
                throw new MysqlException(
                        MysqlException.Kind.TIMEOUT, runner.current() + " does not end", null);
            }
            server.setReadOnly(READ_ONLY);
            server.killClients();
            last.set(server.executed());
        } catch (MysqlException e) {
            LOGGER.atWarn().addKeyValue("cause", e.getMessage()).log("killed, not read-only");
            parts.guard().kill(tenure.epoch(), "the agent stops and mysqld stays writable");
            if (!awaitDeath()) {
                return;
            }
        }
        try {
            tools.lease()
                    .handOver(
                            tenure.epoch(),
                            record -> record.released(true, floor(record, last.get()), STOPPED),
                            Change.empty())
                    .get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atWarn().setCause(e).log("lead not released");
        }
    }

    /** The final set of a primary that served; what must be reached, of one that did not. */
    private static String floor(LeaderRecord record, @Nullable String executed) {
        boolean served =
                record.state() == LeaderState.SERVING || record.state() == LeaderState.SWITCHING;
        return served && executed != null ? executed : record.floor();
    }

    private boolean awaitDeath() {
        return awaitUntil(() -> parts.guard().status().state() == GuardStatus.State.DEAD);
    }

    private boolean awaitUntil(BooleanSupplier condition) {
        Moment until = tools.ticker().now().plus(DEATH);
        try {
            while (tools.ticker().now().isBefore(until)) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                stopping.await(Duration.ofMillis(20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return condition.getAsBoolean();
    }
}
