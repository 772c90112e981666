package io.moha.agent;

import io.moha.agent.act.ActionRunner;
import io.moha.agent.act.Fetch;
import io.moha.agent.act.Keepsake;
import io.moha.agent.act.Tools;
import io.moha.agent.admin.AgentView;
import io.moha.agent.decide.Decision;
import io.moha.agent.decide.Intactness;
import io.moha.agent.decide.Memory;
import io.moha.agent.decide.NodeRules;
import io.moha.agent.decide.Observation;
import io.moha.agent.decide.ObservedLease;
import io.moha.agent.decide.ServerView;
import io.moha.agent.decide.Tenure;
import io.moha.agent.decide.Verdict;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.observe.ServerWatch;
import io.moha.agent.observe.StoreFeed;
import io.moha.agent.observe.Threads;
import io.moha.agent.observe.Wakeup;
import io.moha.agent.state.NodeState;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observe, decide, act, again and again on one thread that never waits for anything but news. Every
 * tick gathers one observation, asks the rules, sets off what they say and tells others.
 */
final class AgentLoop implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(AgentLoop.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration START_PATIENCE = Duration.ofSeconds(3);

    private final Tools tools;
    private final ActionRunner runner;
    private final Actor actor;
    private final MemberReporter reporter;
    private final Reports reports;
    private final Consumer<AgentView> onView;
    private final Consumer<Duration> onTick;
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private final AtomicLong frozenEpoch = new AtomicLong();
    private final AtomicBoolean dropped = new AtomicBoolean();
    private final AtomicLong preparedPid = new AtomicLong();
    private final AtomicBoolean keepsRelayLog = new AtomicBoolean();
    private volatile boolean closed;

    // Only the loop's own thread touches what follows.
    private Memory memory = Memory.fresh();
    private Intactness intactness = Intactness.unknown();
    private ObservedLease lease;
    private long pid;
    private Moment pidSince;
    private @Nullable Moment startAskedAt;
    private @Nullable Moment unservedSince;
    private @Nullable String lastAction;
    private Moment factsNotBefore;
    private @Nullable Tenure lastTenure;
    private @Nullable Moment tenureEndedAt;
    private long reportedEpoch;
    private String lastSaid = "";
    private boolean fetched;
    private @Nullable String forgotten;
    private Namesake namesake = Namesake.unknown();

    /** Where what the loop finds out goes. */
    record Outlets(
            MemberReporter reporter,
            Reports reports,
            Keepsake keepsake,
            Consumer<AgentView> onView,
            Consumer<Duration> onTick) {}

    AgentLoop(Tools tools, ActionRunner runner, Outlets outlets, Threads threads, Wakeup wakeup) {
        this.tools = tools;
        this.runner = runner;
        this.reporter = outlets.reporter();
        this.reports = outlets.reports();
        this.onView = outlets.onView();
        this.onTick = outlets.onTick();
        this.wakeup = wakeup;
        Moment now = tools.ticker().now();
        this.lease = new ObservedLease(null, now);
        this.pidSince = now;
        this.factsNotBefore = now;
        this.actor =
                new Actor(
                        tools,
                        runner,
                        this::frozen,
                        () -> dropped.set(true),
                        this::prepared,
                        outlets.keepsake());
        this.thread = threads.worker("agent-loop", this::run);
    }

    void start() {
        thread.start();
    }

    private void frozen(long epoch) {
        frozenEpoch.accumulateAndGet(epoch, Math::max);
    }

    private void prepared(long prepared, List<String> problems) {
        problems.forEach(problem -> LOGGER.atWarn().addKeyValue("problem", problem).log("server"));
        keepsRelayLog.set(problems.stream().noneMatch(p -> p.contains("relay_log_recovery")));
        preparedPid.set(prepared);
    }

    private void run() throws InterruptedException {
        while (!closed) {
            try {
                Moment began = tools.ticker().now();
                tick();
                onTick.accept(tools.ticker().now().since(began));
                wakeup.await(TICK);
            } catch (RuntimeException e) {
                // Deciding must go on: the next look may make sense again.
                LOGGER.atError().setCause(e).log("tick failed");
            }
        }
    }

    private void tick() {
        // Before the look: the vote for an epoch must never carry facts from before the freeze.
        long frozen = frozenEpoch.get();
        Observation seen = observe();
        if (dropped.getAndSet(false)) {
            memory = memory.freed();
        }
        memory = memory.promised(frozen).next(seen);
        noteLead(seen);
        boolean emptied = tools.ledger().state().isEmptied();
        boolean keeps = preparedPid.get() == pid && keepsRelayLog.get();
        intactness = intactness.next(seen, keeps, emptied);
        if (emptied && intactness.intact()) {
            tools.ledger().caughtUp();
        }
        noteService(seen);
        namesake = namesake.next(seen);
        if (namesake.exists() && seen.tenure() == null) {
            standBack(seen);
            return;
        }
        Decision decision = NodeRules.decide(seen, memory);
        say(decision);
        if (isTimely(decision, seen)) {
            actor.act(decision, unservedSince);
        }
        tell(seen, decision);
    }

    private void standBack(Observation seen) {
        Decision decision =
                new Decision.Blocked(
                        "another agent runs as " + seen.self().id() + ", and was first");
        say(decision);
        show(seen, decision);
    }

    private void show(Observation seen, Decision decision) {
        onView.accept(reports.view(seen, decision, Verdict.of(seen, memory)));
    }

    private Observation observe() {
        GuardStatus guard = tools.guard().status();
        Tenure tenure = tools.lease().tenure();
        StoreFeed.Picture picture = tools.feed().picture();
        ServerWatch.View view = tools.watch().view();
        Moment now = tools.ticker().now();
        if (guard.pid() != pid) {
            pid = guard.pid();
            pidSince = now;
            startAskedAt = null;
            runner.reconnect();
            tools.watch().poke();
        }
        noteEndOfAction(now);
        if (tenure == null && lastTenure != null) {
            tenureEndedAt = now;
        }
        lastTenure = tenure;
        if (picture != null) {
            lease = lease.observe(picture.snapshot().leaderRecord(), picture.at());
        }
        boolean current = view.at() != null && !view.at().isBefore(pidSince) && pid != 0;
        ServerFacts facts = current ? view.facts() : null;
        // What failed with the process before this one says nothing about this one.
        Moment failingSince = view.failingSince();
        if (failingSince != null && failingSince.isBefore(pidSince)) {
            failingSince = pidSince;
        }
        ServerView server =
                new ServerView(
                        guard,
                        tools.guard().bootMillis(),
                        facts,
                        pid != 0 && preparedPid.get() == pid,
                        tools.ledger().state().isGutted(),
                        view.failure(),
                        view.message(),
                        failingSince);
        boolean answers =
                tools.feed().failure() == null
                        && picture != null
                        && isBelievable(picture.snapshot());
        return new Observation(
                now,
                tools.self(),
                picture == null ? null : picture.snapshot(),
                answers,
                answers ? null : forgotten,
                lease,
                tenure,
                server,
                runner.current());
    }

    /** Whether this is the store that this node knows; what it has is noted then. */
    private boolean isBelievable(ClusterSnapshot snapshot) {
        LeaderRecord leader = snapshot.leaderRecord();
        SyncRecord sync = snapshot.syncRecord();
        long revision = snapshot.syncRevision();
        if (tools.ledger().isBehind(leader, sync, revision)) {
            String doubt =
                    "the store has forgotten the cluster: epoch %d is known, it has %s"
                            .formatted(
                                    tools.ledger().state().knownEpoch(),
                                    leader == null ? "none" : leader.epoch());
            if (!doubt.equals(forgotten)) {
                LOGGER.atError().log(doubt);
            }
            forgotten = doubt;
            return false;
        }
        forgotten = null;
        if (leader != null && sync != null) {
            tools.ledger().saw(leader, sync, revision);
        }
        return true;
    }

    /** Notes what a primary needs to know when the store is gone. */
    private void noteLead(Observation seen) {
        Tenure tenure = seen.tenure();
        ClusterSnapshot snapshot = seen.snapshot();
        SyncRecord sync = seen.sync();
        if (tenure == null
                || snapshot == null
                || sync == null
                || !seen.storeAnswers()
                || snapshot.revision() < tools.lease().syncKnownFrom()
                || snapshot.leaderRecord() == null
                || snapshot.leaderRecord().epoch() != tenure.epoch()
                || !(tenure.state() == LeaderState.SERVING
                        || tenure.state() == LeaderState.SWITCHING)) {
            return;
        }
        NodeState.Lead before = tools.ledger().state().lead();
        Map<String, String> peers = new HashMap<>(before == null ? Map.of() : before.peers());
        snapshot.members().values().forEach(member -> peers.put(member.id(), member.http()));
        peers.keySet().retainAll(sync.members());
        peers.remove(seen.self().id());
        tools.ledger()
                .leads(new NodeState.Lead(tenure.record(), tenure.revision(), sync, true, peers));
    }

    private void noteEndOfAction(Moment now) {
        String action = runner.current();
        if (action == null && lastAction != null) {
            fetched |= lastAction.startsWith(Fetch.NAME);
            factsNotBefore = now;
            tools.watch().poke();
        }
        lastAction = action;
    }

    private void noteService(Observation seen) {
        LeaderRecord leader = seen.leader();
        boolean served =
                leader != null
                        && !seen.vacant()
                        && (leader.state() == LeaderState.SERVING
                                || leader.state() == LeaderState.SWITCHING);
        if (served) {
            unservedSince = null;
        } else if (unservedSince == null) {
            unservedSince = seen.now();
        }
    }

    /**
     * Whether what {@code decision} is based on is newer than what was last done. The death of the
     * server needs no second look.
     */
    private boolean isTimely(Decision decision, Observation seen) {
        if (actor.changesLease()) {
            return decision instanceof Decision.KillServer;
        }
        StoreFeed.Picture picture = tools.feed().picture();
        Moment leaseStepEnded = actor.leaseStepEnded();
        boolean storeIsNew = isAfter(picture, leaseStepEnded) && isAfter(picture, tenureEndedAt);
        return switch (decision) {
            case Decision.KillServer _, Decision.Release _ -> true;
            case Decision.StartServer _ -> mayAskToStart(seen);
            case Decision.Acquire acquire ->
                    storeIsNew && !tools.ledger().isPromisedAgainst(acquire.next().epoch());
            case Decision.Bury _, Decision.Restore _, Decision.Appoint _ -> storeIsNew;
            case Decision.Promote _, Decision.Freeze _, Decision.Fetch _, Decision.CatchUp _ ->
                    true;
            default -> {
                Moment at = tools.watch().view().at();
                yield storeIsNew && at != null && !at.isBefore(factsNotBefore);
            }
        };
    }

    private static boolean isAfter(StoreFeed.@Nullable Picture picture, @Nullable Moment moment) {
        return moment == null || (picture != null && moment.isBefore(picture.at()));
    }

    private boolean mayAskToStart(Observation seen) {
        Moment asked = startAskedAt;
        if (asked != null && seen.now().since(asked).compareTo(START_PATIENCE) < 0) {
            return false;
        }
        startAskedAt = seen.now();
        memory = memory.started(seen.now());
        return true;
    }

    private void say(Decision decision) {
        String said = decision.getClass().getSimpleName() + ": " + decision.reason();
        if (said.equals(lastSaid)) {
            return;
        }
        lastSaid = said;
        boolean loud =
                decision instanceof Decision.Blocked
                        || decision instanceof Decision.Quarantine
                        || decision instanceof Decision.Rebuild;
        (loud ? LOGGER.atWarn() : LOGGER.atInfo())
                .addKeyValue("decision", decision.getClass().getSimpleName())
                .addKeyValue("reason", decision.reason())
                .log("decided");
    }

    private void tell(Observation seen, Decision decision) {
        boolean voted = memory.promisedEpoch() > reportedEpoch;
        reportedEpoch = memory.promisedEpoch();
        ClusterSnapshot snapshot = seen.snapshot();
        if (snapshot != null && seen.storeAnswers()) {
            reporter.seen(snapshot.members().get(seen.self().id()), snapshot.revision());
        }
        reporter.report(
                reports.member(seen, decision, memory, intactness.intact(), tools.ledger()),
                voted || fetched || caughtUp(seen) || Namesake.isMissing(seen));
        fetched = false;
        show(seen, decision);
    }

    /** Whether the old primary of a switchover waits to hear that this node has everything. */
    private boolean caughtUp(Observation seen) {
        if (seen.snapshot() == null || seen.snapshot().switchover() == null) {
            return false;
        }
        SwitchoverRecord switchover = seen.snapshot().switchover().value();
        return switchover.phase() == SwitchoverPhase.READ_ONLY
                && seen.self().id().equals(switchover.to())
                && seen.busy() == null;
    }

    /** Ends the loop; what runs is not waited for. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
