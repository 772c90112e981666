package io.moha.agent;

import io.moha.agent.act.AbandonedException;
import io.moha.agent.act.Action;
import io.moha.agent.act.ActionRunner;
import io.moha.agent.act.CatchUp;
import io.moha.agent.act.Fetch;
import io.moha.agent.act.Follow;
import io.moha.agent.act.Freeze;
import io.moha.agent.act.HandOver;
import io.moha.agent.act.Keepsake;
import io.moha.agent.act.LeaseOutcome;
import io.moha.agent.act.Promotion;
import io.moha.agent.act.Rebuild;
import io.moha.agent.act.Reconnect;
import io.moha.agent.act.Rehearsal;
import io.moha.agent.act.Steps;
import io.moha.agent.act.SyncChange;
import io.moha.agent.act.Tools;
import io.moha.agent.decide.Decision;
import io.moha.agent.decide.Tally;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.observe.StoreFeed;
import io.moha.agent.state.Ledger;
import io.moha.agent.state.NodeState;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets off what was decided, without ever waiting for it: long things on the action runner, changes
 * of the leader record on the lease's thread, orders to the guard at once. One of each at a time.
 * Used by the loop's thread only.
 */
final class Actor {

    private static final Logger LOGGER = LoggerFactory.getLogger(Actor.class);
    private static final String NOT_NOTED = "the state file cannot be written";
    private static final Duration RESIGN_TIMEOUT = Duration.ofSeconds(10);

    /** How much later than its time limit a request of unknown age may be taken up. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    private static final Duration READ_ONLY = Duration.ofSeconds(1);
    private static final Duration CATCH_UP = Duration.ofSeconds(1);

    /** How long what failed is left alone before it is tried again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration QUICK_RETRY = Duration.ofMillis(100);
    private static final Duration REBUILD_RETRY = Duration.ofSeconds(15);

    private final Tools tools;
    private final ActionRunner runner;
    private final LongConsumer onFrozen;
    private final Runnable onDropped;
    private final BiConsumer<Long, List<String>> onPrepared;
    private final Keepsake keepsake;
    private @Nullable CompletableFuture<LeaseOutcome> leaseStep;
    private @Nullable Moment leaseStepEnded;
    private @Nullable Decision lastRun;
    private @Nullable Moment lastRunAt;

    Actor(
            Tools tools,
            ActionRunner runner,
            LongConsumer onFrozen,
            Runnable onDropped,
            BiConsumer<Long, List<String>> onPrepared,
            Keepsake keepsake) {
        this.tools = tools;
        this.runner = runner;
        this.onFrozen = onFrozen;
        this.onDropped = onDropped;
        this.onPrepared = onPrepared;
        this.keepsake = keepsake;
    }

    /** Whether the leader record is being changed by an earlier decision. */
    boolean changesLease() {
        CompletableFuture<LeaseOutcome> step = leaseStep;
        if (step == null) {
            return false;
        }
        if (!step.isDone()) {
            return true;
        }
        leaseStep = null;
        leaseStepEnded = tools.ticker().now();
        return false;
    }

    /** When the last change of the leader record ended; null when there was none. */
    @Nullable Moment leaseStepEnded() {
        return leaseStepEnded;
    }

    /** Sets {@code decision} off; {@code unservedSince} is since when nobody has been serving. */
    void act(Decision decision, @Nullable Moment unservedSince) {
        switch (decision) {
            case Decision.Idle _, Decision.Blocked _, Decision.Quarantine _ -> {}
            case Decision.StartServer _ -> tools.guard().startMysqld();
            case Decision.KillServer(long epoch, String reason) ->
                    tools.guard().kill(epoch, reason);
            case Decision.Acquire acquire -> lease(acquire, acquire(acquire));
            case Decision.Bury bury -> lease(bury, tools.lease().bury(bury.there(), bury.next()));
            case Decision.Release(long epoch, String reason) ->
                    lease(
                            decision,
                            tools.lease()
                                    .handOver(
                                            epoch,
                                            record -> record.released(true, record.floor(), reason),
                                            Change.empty()));
            case Decision.Restore(long epoch, String reason) ->
                    lease(
                            decision,
                            tools.lease()
                                    .change(
                                            epoch,
                                            record -> record.in(LeaderState.PROMOTING, reason),
                                            Change.empty()));
            case Decision.Appoint appoint -> appoint(appoint);
            default -> run(decision, unservedSince);
        }
    }

    private CompletableFuture<LeaseOutcome> acquire(Decision.Acquire acquire) {
        Change also = Change.empty().expect(tools.store().keys().sync(), acquire.syncRevision());
        return tools.lease().acquire(acquire.there(), acquire.next(), also);
    }

    private void lease(Decision decision, CompletableFuture<LeaseOutcome> step) {
        LOGGER.atInfo()
                .addKeyValue("decision", decision.getClass().getSimpleName())
                .addKeyValue("reason", decision.reason())
                .log("leader record changes");
        leaseStep =
                step.whenComplete(
                        (outcome, broke) -> {
                            if (!(outcome instanceof LeaseOutcome.Done)) {
                                LOGGER.atInfo()
                                        .addKeyValue("outcome", outcome)
                                        .addKeyValue("broke", broke)
                                        .log("leader record not changed");
                            }
                            tools.feed().poke();
                        });
    }

    private void appoint(Decision.Appoint appoint) {
        Tally.Winner winner = appoint.winner();
        StoreSide side = storeSide();
        SyncRecord sync = side.sync();
        MemberRecord member = side.snapshot().members().get(winner.node());
        if (sync == null || member == null) {
            return;
        }
        boolean resumes = winner.node().equals(side.snapshot().lastPrimary());
        SyncRecord after =
                resumes
                        ? sync
                        : sync.withAckers(
                                sync.ackers().stream()
                                        .filter(id -> !id.equals(winner.node()))
                                        .toList());
        Change also =
                Change.empty().replace(tools.store().keys().sync(), appoint.syncRevision(), after);
        boolean self = winner.node().equals(tools.self().id());
        lease(
                appoint,
                self
                        ? tools.lease()
                                .change(appoint.epoch(), r -> promoting(r, member, winner), also)
                        : tools.lease()
                                .handOver(
                                        appoint.epoch(), r -> promoting(r, member, winner), also));
    }

    private record StoreSide(ClusterSnapshot snapshot, @Nullable SyncRecord sync) {}

    private StoreSide storeSide() {
        var picture = tools.feed().picture();
        if (picture == null) {
            throw new IllegalStateException("decided without a picture of the store");
        }
        return new StoreSide(picture.snapshot(), picture.snapshot().syncRecord());
    }

    private static LeaderRecord promoting(
            LeaderRecord record, MemberRecord member, Tally.Winner winner) {
        return new LeaderRecord(
                record.version(),
                record.epoch(),
                member.id(),
                member.incarnation(),
                record.ttlMs(),
                record.seq() + 1,
                LeaderState.PROMOTING,
                false,
                winner.floor().toString(),
                member.address(),
                member.serverUuid(),
                record.reason() + "; " + winner.fullReason());
    }

    private void run(Decision decision, @Nullable Moment unservedSince) {
        Moment now = tools.ticker().now();
        boolean repeated = decision.equals(lastRun);
        Duration retry = retryAfter(decision);
        if (repeated && lastRunAt != null && now.since(lastRunAt).compareTo(retry) < 0) {
            return;
        }
        if (runner.start(action(decision, unservedSince))) {
            LOGGER.atInfo()
                    .addKeyValue("decision", decision.getClass().getSimpleName())
                    .addKeyValue("reason", decision.reason())
                    .log("action begins");
            lastRun = decision;
            lastRunAt = now;
        }
    }

    private static Duration retryAfter(Decision decision) {
        return switch (decision) {
            case Decision.Rebuild _ -> REBUILD_RETRY;
            // Clients wait for these.
            case Decision.Promote _, Decision.Freeze _, Decision.CatchUp _ -> QUICK_RETRY;
            default -> RETRY;
        };
    }

    private Action action(Decision decision, @Nullable Moment unservedSince) {
        return switch (decision) {
            case Decision.PrepareServer _ -> prepare();
            case Decision.MakeReadOnly _ -> Steps.of("read-only", this::close);
            case Decision.Freeze(long epoch, _) -> new Freeze(tools, epoch, onFrozen);
            case Decision.Fetch(long epoch, String host, int port, String gtids, _) ->
                    new Fetch(tools, epoch, host, port, gtids);
            case Decision.Promote(long epoch, _) -> new Promotion(tools, epoch, unservedSince);
            case Decision.Follow(String host, int port, boolean acker, _) ->
                    new Follow(tools, followedEpoch(), host, port, acker);
            case Decision.Rebuild rebuild -> new Rebuild(tools, keepsake, rebuild);
            case Decision.AnswerRejoin(var order, var answer, String reason) ->
                    Steps.of("answer", _ -> Rebuild.answer(tools, order, answer, reason));
            case Decision.CatchUp(String gtids, _) -> new CatchUp(tools, gtids, CATCH_UP);
            case Decision.Sync(long epoch, var step) -> new SyncChange(tools, epoch, step);
            case Decision.HandOver handOver -> handOver(handOver);
            case Decision.Rehearse(var question, long revision, var target, String obstacle, _) ->
                    new Rehearsal(tools, question, revision, target, obstacle);
            case Decision.Resign(String to, long revision, String reason) ->
                    Steps.of("resign", _ -> resign(to, revision, reason));
            case Decision.Reconnect(long epoch, _) -> new Reconnect(tools, epoch, onDropped);
            case Decision.Refuse(var request, long revision, String reason) ->
                    Steps.of("refuse", _ -> refuse(request, revision, reason));
            default -> throw new IllegalArgumentException("no action: " + decision);
        };
    }

    /** A request that nobody could take up is not what its asker wants much later. */
    private Action handOver(Decision.HandOver decision) {
        SwitchoverRecord request = decision.request();
        Duration age =
                Duration.ofMillis(tools.wall().now().toEpochMilli() - request.requestedAtMs());
        Duration limit = Duration.ofMillis(request.timeoutMs()).plus(FORGOTTEN);
        if (decision.came() || age.compareTo(limit) <= 0) {
            return new HandOver(tools, decision.epoch(), request, decision.target());
        }
        return Steps.of(
                "refuse",
                _ ->
                        refuse(
                                request,
                                decision.revision(),
                                "it was asked for " + age.toSeconds() + " s ago"));
    }

    private Action prepare() {
        long pid = tools.guard().status().pid();
        return Steps.of(
                "prepare",
                server -> {
                    server.prepare();
                    server.warm();
                    identify(server);
                    onPrepared.accept(pid, server.problems());
                });
    }

    /**
     * Whether this is the server that the node knows; what a copy that began was to change about
     * it, and what came of that.
     */
    private void identify(MysqlServer server) throws MysqlException, AbandonedException {
        Ledger ledger = tools.ledger();
        String uuid = server.look().serverUuid();
        if (!ledger.meets(uuid, isCounted())) {
            throw new AbandonedException(NOT_NOTED);
        }
        NodeState known = ledger.state();
        if (known.former().isEmpty() && !known.isGutted()) {
            return;
        }
        boolean ended = known.isGutted() && ledger.isCopied(server.copy());
        if (!(ended ? ledger.whole(uuid) : ledger.named(uuid))) {
            throw new AbandonedException(NOT_NOTED);
        }
    }

    /** Whether this node's acknowledgements count, as far as is known. */
    private boolean isCounted() {
        StoreFeed.Picture picture = tools.feed().picture();
        SyncRecord sync = picture == null ? null : picture.snapshot().syncRecord();
        return picture == null || (sync != null && sync.ackers().contains(tools.self().id()));
    }

    private void close(MysqlServer server) throws MysqlException {
        try {
            server.setReadOnly(READ_ONLY);
            server.killClients();
        } catch (MysqlException e) {
            if (tools.lease().tenure() == null) {
                // Whoever may not write and cannot be stopped from it must not live.
                tools.guard().kill(tools.guard().status().epoch(), "stays writable: " + e.kind());
            }
            throw e;
        }
        tools.look(server);
    }

    private long followedEpoch() {
        LeaderRecord leader = storeSide().snapshot().leaderRecord();
        return leader == null ? 0 : leader.epoch();
    }

    private void resign(String to, long revision, String reason) {
        SwitchoverRecord request =
                new SwitchoverRecord(
                        1,
                        UUID.randomUUID().toString(),
                        null,
                        to,
                        tools.self().asker() + ": " + reason,
                        tools.wall().now().toEpochMilli(),
                        RESIGN_TIMEOUT.toMillis(),
                        SwitchoverPhase.REQUESTED,
                        "",
                        Map.of());
        tools.store()
                .commit(
                        Change.empty()
                                .replace(tools.store().keys().switchover(), revision, request));
        tools.feed().poke();
    }

    private void refuse(SwitchoverRecord request, long revision, String reason) {
        SwitchoverRecord refused =
                HandOver.moved(request, SwitchoverPhase.ABANDONED, reason, request.phaseMillis());
        tools.store()
                .commit(
                        Change.empty()
                                .replace(tools.store().keys().switchover(), revision, refused));
        tools.feed().poke();
    }
}
