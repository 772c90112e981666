package io.moha.agent.act;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SwitchoverAck;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The old primary's part of a planned switchover. Until the leader record names the target, any
 * failure is undone and this server stays the writable one; from there on it only goes forward.
 */
public final class HandOver implements Action {

    private static final Logger LOGGER = LoggerFactory.getLogger(HandOver.class);

    /** How long proxies get to say that they hold. */
    private static final Duration ACKS = Duration.ofMillis(400);

    /** How long running transactions get after every proxy holds. */
    private static final Duration DRAIN = Duration.ofMillis(200);

    /** How long the target gets to prepare; clients still write. */
    private static final Duration READY = Duration.ofSeconds(1);

    private static final Duration ASK_AGAIN = Duration.ofMillis(20);
    private static final Duration READ_ONLY = Duration.ofMillis(500);
    private static final Duration DIRECTLY = Duration.ofMillis(400);
    private static final Duration CATCH_UP = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final Tools tools;
    private final long epoch;
    private final MemberRecord target;
    private final boolean killsBlockers;
    private final PhaseTimer phases;
    private SwitchoverRecord record;
    private long recordRevision;
    private boolean readOnly;
    private CompletableFuture<Boolean> caughtUp = CompletableFuture.completedFuture(false);

    /** A hand-over of {@code epoch} to {@code target} as {@code request} asks. */
    public HandOver(Tools tools, long epoch, SwitchoverRecord request, MemberRecord target) {
        this.tools = tools;
        this.epoch = epoch;
        this.target = target;
        this.killsBlockers = request.killsBlockers();
        this.phases = new PhaseTimer(tools.ticker());
        this.record =
                new SwitchoverRecord(
                        request.version(),
                        request.id(),
                        tools.self().id(),
                        target.id(),
                        request.requestedBy(),
                        request.requestedAtMs(),
                        request.timeoutMs(),
                        request.phase(),
                        request.reason(),
                        request.phaseMillis());
    }

    @Override
    public String name() {
        return "switchover to " + target.id();
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        Moment until = tools.ticker().now().plus(Duration.ofMillis(record.timeoutMs()));
        try {
            prepare(server);
            hold();
            awaitProxies(until);
            phases.end("holding");
            String executed = stopWrites(server);
            awaitTarget(executed);
            if (!server.executed().equals(executed)) {
                throw new AbandonedException("somebody wrote to the read-only server");
            }
            phases.end("read_only");
            commit(executed);
        } catch (AbandonedException | MysqlException e) {
            undo(server, String.valueOf(e.getMessage()));
            throw e;
        }
        tools.feed().poke();
        server.killClients();
        // The server is read-only and the lead is gone: nobody waits for an acknowledgement here
        // any more, and a replica must not wait for its own replicas.
        server.setSemiSyncSource(0);
        tools.look(server);
    }

    /** What takes time and can be done while clients still write. */
    private void prepare(MysqlServer server) throws MysqlException, AbandonedException {
        Versioned<SwitchoverRecord> there = tools.snapshot().switchover();
        if (there == null || !there.value().id().equals(record.id())) {
            throw new AbandonedException("the request was withdrawn");
        }
        recordRevision = there.revision();
        move(
                SwitchoverPhase.PREPARING,
                "clients still write",
                leader -> leader.renewed(leader.floor()));
        Preflight preflight = new Preflight(tools);
        if (killsBlockers) {
            preflight.clear(server, target);
        } else {
            preflight.require(server, target);
        }
        server.warm();
        awaitReady();
        phases.end("preparing");
    }

    /** A target that cannot be asked takes over all the same, a little more slowly. */
    private void awaitReady() throws AbandonedException {
        Duration part = Duration.ofMillis(record.timeoutMs() / 4);
        Moment until = tools.ticker().now().plus(part.compareTo(READY) < 0 ? part : READY);
        while (tools.ticker().now().isBefore(until)) {
            CompletableFuture<Boolean> ready =
                    tools.peers().getReady(target.http(), record.id(), READY);
            tools.await(ready, until.since(tools.ticker().now()));
            if (ready.getNow(false)) {
                return;
            }
            // It may not have heard of the switchover yet, or do something else just now.
            tools.pause(ASK_AGAIN);
        }
        LOGGER.atInfo()
                .addKeyValue("to", target.id())
                .log("target does not answer: goes on without its preparations");
    }

    private void hold() throws AbandonedException {
        tools.requireTenure(epoch);
        move(
                SwitchoverPhase.HOLDING,
                "proxies hold new work",
                leader -> leader.in(LeaderState.SWITCHING, "switchover to " + target.id()));
    }

    private void awaitProxies(Moment until) throws AbandonedException {
        Moment began = tools.ticker().now();
        Moment ackLimit = began.plus(ACKS);
        Moment drainLimit = ackLimit.plus(DRAIN);
        boolean allHeld = false;
        while (true) {
            Moment now = tools.ticker().now();
            if (!now.isBefore(until)) {
                throw new AbandonedException("timed out before the hand-over");
            }
            ClusterSnapshot snapshot = tools.snapshot();
            List<SwitchoverAck> acks =
                    snapshot.acks().values().stream()
                            .filter(ack -> ack.operation().equals(record.id()) && ack.holding())
                            .toList();
            boolean all = acks.size() >= snapshot.proxies().size();
            if (all && acks.stream().allMatch(ack -> ack.inTransaction() == 0)) {
                return;
            }
            if (all && !allHeld) {
                allHeld = true;
                drainLimit = now.plus(DRAIN);
            }
            // A proxy that does not answer is ignored: its sessions meet a read-only server.
            if (!now.isBefore(allHeld ? drainLimit : ackLimit.plus(DRAIN))) {
                return;
            }
            tools.pause(LOOK_AGAIN);
        }
    }

    private String stopWrites(MysqlServer server) throws MysqlException, AbandonedException {
        tools.requireTenure(epoch);
        readOnly = true;
        server.setReadOnly(READ_ONLY);
        String executed = server.executed();
        tools.lease().floor(executed);
        caughtUp = tools.peers().catchUp(target.http(), epoch, executed, DIRECTLY);
        // Meanwhile the target catches up. What is open now cannot be committed any more.
        server.killTransactions();
        return executed;
    }

    /** The target is asked directly; one that cannot be reached hears of it from the store. */
    private void awaitTarget(String executed) throws AbandonedException {
        tools.await(caughtUp, DIRECTLY);
        if (caughtUp.getNow(false)) {
            return;
        }
        move(
                SwitchoverPhase.READ_ONLY,
                target.id() + " catches up",
                leader -> leader.renewed(executed));
        GtidSet needed = GtidSet.parse(executed);
        Moment until = tools.ticker().now().plus(CATCH_UP);
        while (tools.ticker().now().isBefore(until)) {
            MemberRecord seen = tools.snapshot().members().get(target.id());
            if (seen != null && GtidSet.parse(seen.report().executed()).contains(needed)) {
                return;
            }
            tools.pause(LOOK_AGAIN);
        }
        throw new AbandonedException(target.id() + " did not catch up in time");
    }

    /** The point of no return. */
    private void commit(String executed) throws AbandonedException {
        tools.requireTenure(epoch);
        ClusterSnapshot snapshot = tools.snapshot();
        SyncRecord sync = snapshot.syncRecord();
        if (sync == null) {
            throw new AbandonedException("the sync record is gone");
        }
        phases.end("handed_over");
        SwitchoverRecord handedOver =
                moved(
                        record,
                        SwitchoverPhase.HANDED_OVER,
                        target.id() + " takes over",
                        phases.millis());
        // This node follows the new primary at once and may acknowledge: recorded first.
        SyncRecord after =
                sync.ackers().isEmpty()
                        ? sync
                        : sync.withAckers(
                                SyncChange.with(
                                        sync.withAckers(SyncChange.without(sync, target.id())),
                                        tools.self().id()));
        ClusterKeys keys = tools.store().keys();
        Change also = written(handedOver).replace(keys.sync(), snapshot.syncRevision(), after);
        LeaseOutcome outcome =
                tools.await(tools.lease().handOver(epoch, leader -> next(leader, executed), also));
        if (!(outcome instanceof LeaseOutcome.Done)) {
            throw new AbandonedException("the hand-over was not recorded: " + outcome);
        }
        readOnly = false;
        LOGGER.atInfo()
                .addKeyValue("epoch", epoch)
                .addKeyValue("to", target.id())
                .addKeyValue("phases", phases.millis())
                .log("lead handed over");
    }

    private LeaderRecord next(LeaderRecord leader, String executed) {
        return new LeaderRecord(
                leader.version(),
                epoch + 1,
                target.id(),
                target.incarnation(),
                leader.ttlMs(),
                1,
                LeaderState.PROMOTING,
                false,
                executed,
                target.address(),
                target.serverUuid(),
                "switchover from " + tools.self().id() + ", asked by " + record.requestedBy());
    }

    private void undo(MysqlServer server, String reason) throws MysqlException {
        LOGGER.atWarn()
                .addKeyValue("epoch", epoch)
                .addKeyValue("to", target.id())
                .addKeyValue("reason", reason)
                .log("switchover abandoned");
        try {
            if (readOnly) {
                tools.requireTenure(epoch);
                server.setWritable();
                // Else the loop acts on the read-only server that it saw last.
                tools.look(server);
            }
            move(
                    SwitchoverPhase.ABANDONED,
                    reason,
                    leader -> leader.in(LeaderState.SERVING, "switchover abandoned: " + reason));
        } catch (AbandonedException e) {
            LOGGER.atWarn().addKeyValue("cause", e.getMessage()).log("nothing left to undo");
        }
    }

    /** Moves the request on, together with a change of the leader record. */
    private void move(SwitchoverPhase phase, String reason, UnaryOperator<LeaderRecord> change)
            throws AbandonedException {
        SwitchoverRecord next = moved(record, phase, reason, phases.millis());
        recordRevision = tools.confirm(epoch, change, written(next));
        record = next;
    }

    private Change written(SwitchoverRecord next) {
        return Change.empty().replace(tools.store().keys().switchover(), recordRevision, next);
    }

    /** {@code record} in another phase. */
    public static SwitchoverRecord moved(
            SwitchoverRecord record,
            SwitchoverPhase phase,
            String reason,
            Map<String, Long> phaseMillis) {
        return new SwitchoverRecord(
                record.version(),
                record.id(),
                record.from(),
                record.to(),
                record.requestedBy(),
                record.requestedAtMs(),
                record.timeoutMs(),
                phase,
                reason,
                phaseMillis);
    }
}
