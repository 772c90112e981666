package io.moha.agent.act;

import io.moha.agent.decide.Policy;
import io.moha.agent.decide.PromotionRules;
import io.moha.agent.decide.PromotionRules.Readiness;
import io.moha.agent.decide.SyncStep;
import io.moha.agent.decide.SyncView;
import io.moha.agent.decide.Tenure;
import io.moha.agent.guard.GuardStatus;
import io.moha.agent.hook.Event;
import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node's server the writable one: drains the relay log, ends replication into it, waits
 * until commits can be acknowledged, opens it, proves the acknowledgement by a barrier commit and
 * only then says SERVING. Until the barrier is through no client is let in, because crash recovery
 * may have committed what no replica has. Can be repeated from any point.
 */
public final class Promotion implements Action {

    private static final Logger LOGGER = LoggerFactory.getLogger(Promotion.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(15);
    private static final Duration DRAIN_STEP = Duration.ofMillis(500);
    private static final Duration BARRIER_STEP = Duration.ofSeconds(1);
    private static final Duration ARMING = Duration.ofSeconds(1);

    /** How old the proof that nobody else was elected may be when the server is opened. */
    private static final Duration PROVEN = Duration.ofMillis(300);

    private final Tools tools;
    private final long epoch;
    private final @Nullable Moment unservedSince;
    private final PhaseTimer phases;
    private final HistoryEntry entry;

    /**
     * A promotion as holder of {@code epoch}.
     *
     * @param unservedSince since when nobody has been serving, as seen here; null when unknown
     */
    public Promotion(Tools tools, long epoch, @Nullable Moment unservedSince) {
        this.tools = tools;
        this.epoch = epoch;
        this.unservedSince = unservedSince;
        this.phases = new PhaseTimer(tools.ticker());
        this.entry = new HistoryEntry(tools, epoch, phases);
    }

    @Override
    public String name() {
        return "promotion";
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        if (unservedSince != null) {
            phases.add("elect", unservedSince);
        }
        ClusterSnapshot before = tools.snapshot();
        tools.events()
                .accept(
                        new Event.BeforePromotion(
                                epoch,
                                before.lastPrimary(),
                                tools.tenure(epoch).record().reason()));
        drain(server);
        phases.end("drain");
        server.stopFollowing();
        awaitArmed();
        letAckersIn(server);
        Confirmation named = nameInHistory();
        phases.end("detach");
        Readiness.Ready ready = awaitAcks(server);
        phases.end("acks");
        open(server, named);
        enterSync(server, ready);
        Moment opened = tools.ticker().now();
        while (!server.commitHeartbeat(epoch, BARRIER_STEP)) {
            tools.requireTenure(epoch);
            if (tools.ticker().now().since(opened).compareTo(policy().degradeAfter()) >= 0) {
                // They are connected and silent. Those that live come back at once; what is left
                // then is judged as if the others had never come.
                server.dropAckers();
                opened = tools.ticker().now();
            }
            ready = awaitAcks(server);
            enterSync(server, ready);
        }
        if (ready.recordSync()) {
            entrance(ready).requireAckersOnly(server, sync());
        }
        phases.end(HistoryEntry.LAST_PHASE);
        serve(server, ready);
    }

    private void drain(MysqlServer server) throws MysqlException, AbandonedException {
        Tenure tenure = tools.tenure(epoch);
        ServerFacts facts = tools.look(server);
        GtidSet executed = GtidSet.parse(facts.executed());
        GtidSet received = executed.union(GtidSet.parse(facts.retrieved()));
        GtidSet floor = GtidSet.parse(tenure.record().floor());
        if (!received.contains(floor)) {
            giveUp(server, "lacks " + floor.subtract(received));
        }
        if (executed.contains(received)) {
            return;
        }
        server.startApplier();
        while (!server.awaitExecuted(received.toString(), DRAIN_STEP)) {
            tools.requireTenure(epoch);
            ServerFacts.ReplicaFacts replica = tools.look(server).replica();
            if (replica != null && !replica.sqlRunning() && !replica.applierError().isEmpty()) {
                giveUp(server, "cannot apply what it received: " + replica.applierError());
            }
        }
    }

    /** Lets others try, if this server cannot write; else it is fenced, and they try then. */
    private void giveUp(MysqlServer server, String reason)
            throws MysqlException, AbandonedException {
        if (!tools.look(server).readOnly()) {
            tools.guard().kill(epoch, reason);
            throw new AbandonedException(reason);
        }
        tools.lease()
                .handOver(
                        epoch,
                        record -> record.released(true, record.floor(), reason),
                        Change.empty());
        throw new AbandonedException(reason);
    }

    /** A server may be writable only under a guard that knows when to kill it. */
    private void awaitArmed() throws AbandonedException {
        Moment until = tools.ticker().now().plus(ARMING);
        while (tools.ticker().now().isBefore(until)) {
            GuardStatus status = tools.guard().status();
            if (status.epoch() == epoch && status.deadlineMillis() > 0) {
                return;
            }
            tools.pause(LOOK_AGAIN);
        }
        throw new AbandonedException("the guard did not take the deadline");
    }

    /**
     * Who may acknowledge here is a matter of this server's own accounts. Mostly they are as they
     * must be. If not, administrators are let in while they change: before that this node is named
     * in the history, as in {@link #open}, and commits wait for acknowledgements.
     */
    private void letAckersIn(MysqlServer server) throws MysqlException, AbandonedException {
        ClusterSnapshot snapshot = tools.snapshot();
        SyncRecord sync = snapshot.syncRecord();
        if (sync == null) {
            throw new AbandonedException("the sync record is gone");
        }
        // The primary before this one received nothing while it was that, so that nothing of it
        // can connect here that its agent did not start under this record.
        String before = snapshot.lastPrimary();
        List<String> out =
                SyncChange.others(sync, tools.self().id()).stream()
                        .filter(id -> !id.equals(before))
                        .toList();
        if (server.isAdmitting(sync.ackers(), out)) {
            return;
        }
        tools.change(
                epoch,
                record -> record.renewed(record.floor()),
                entry.first(snapshot).expect(tools.store().keys().sync(), snapshot.syncRevision()));
        if (sync.mode() == SyncMode.SYNC) {
            server.setSemiSyncSource(sync.acks());
        }
        for (String node : out) {
            server.expel(node);
        }
        for (String node : SyncChange.without(sync, tools.self().id())) {
            server.admit(node);
        }
    }

    private Readiness.Ready awaitAcks(MysqlServer server)
            throws MysqlException, AbandonedException {
        Moment since = tools.ticker().now();
        while (true) {
            tools.requireTenure(epoch);
            SyncView seen = syncView(server.semiSync(), since);
            switch (PromotionRules.judge(seen, policy(), tools.ticker().now(), since)) {
                case Readiness.Wait _ -> tools.pause(LOOK_AGAIN);
                case Readiness.First(SyncStep.Enforce _) ->
                        server.setSemiSyncSource(seen.sync().acks());
                case Readiness.First(var step) -> new SyncChange(tools, epoch, step).run(server);
                case Readiness.Ready ready -> {
                    boolean right =
                            ready.acks() > 0
                                    ? seen.semiSync().waitsFor(ready.acks())
                                    : !seen.semiSync().sourceEnabled();
                    if (!ready.recordSync() && !right) {
                        server.setSemiSyncSource(ready.acks());
                    }
                    return ready;
                }
            }
        }
    }

    /** Where the record says that commits need no acknowledgement, the server is open before. */
    private void enterSync(MysqlServer server, Readiness.Ready ready)
            throws MysqlException, AbandonedException {
        if (!ready.recordSync() || server.semiSync().waitsFor(ready.acks())) {
            return;
        }
        tools.requireTenure(epoch);
        entrance(ready).enforce(server, sync());
    }

    private Policy policy() {
        return tools.self().policy();
    }

    private SyncRecord sync() throws AbandonedException {
        SyncRecord sync = tools.snapshot().syncRecord();
        if (sync == null) {
            throw new AbandonedException("the sync record is gone");
        }
        return sync;
    }

    private SyncChange entrance(Readiness.Ready ready) {
        return new SyncChange(tools, epoch, new SyncStep.EnterSync(ready.reason()));
    }

    private SyncView syncView(ServerFacts.SemiSyncFacts semiSync, Moment since)
            throws AbandonedException {
        ClusterSnapshot snapshot = tools.snapshot();
        SyncRecord sync = sync();
        return new SyncView(
                tools.self().id(),
                tools.self().address(),
                sync,
                snapshot.members(),
                semiSync,
                since,
                Map.of());
    }

    /** A write on its way to the store, and since when. */
    private record Confirmation(CompletableFuture<LeaseOutcome> outcome, Moment asked) {}

    /**
     * Says who may have written from now on: should this end before anybody is served, an election
     * must not take an earlier primary for the last one. On its way while ackers come.
     */
    private Confirmation nameInHistory() throws AbandonedException {
        Moment now = tools.ticker().now();
        return new Confirmation(
                tools.lease()
                        .change(
                                epoch,
                                record -> record.renewed(record.floor()),
                                entry.first(tools.snapshot())),
                now);
    }

    private void open(MysqlServer server, Confirmation named)
            throws MysqlException, AbandonedException {
        // A write that the store confirms is the proof that nobody else was elected meanwhile.
        tools.confirmed(named.outcome());
        if (tools.ticker().now().since(named.asked()).compareTo(PROVEN) > 0) {
            tools.confirmed(nameInHistory().outcome());
        }
        tools.requireTenure(epoch);
        server.setWritable();
        if (!tools.lease().holds(epoch, Duration.ZERO)) {
            tools.guard().kill(epoch, "the lead was lost while the server was opened");
            throw new AbandonedException("epoch " + epoch + " is not held any more");
        }
    }

    private void serve(MysqlServer server, Readiness.Ready ready)
            throws MysqlException, AbandonedException {
        tools.lease().floor(server.executed());
        ClusterSnapshot snapshot = tools.snapshot();
        HistoryRecord change = entry.change(snapshot);
        Change also = entry.last(snapshot);
        if (ready.recordSync() && snapshot.syncRecord() != null) {
            SyncRecord sync = snapshot.syncRecord();
            also =
                    also.replace(
                            tools.store().keys().sync(),
                            snapshot.syncRevision(),
                            SyncChange.in(sync, SyncMode.SYNC, sync.ackers()));
        }
        tools.change(epoch, record -> record.in(LeaderState.SERVING, record.reason()), also);
        // Else the loop acts on the read-only server that it saw last.
        tools.look(server);
        LOGGER.atInfo()
                .addKeyValue("epoch", epoch)
                .addKeyValue("kind", change.kind())
                .addKeyValue("from", change.from())
                .addKeyValue("reason", change.reason())
                .addKeyValue("acks", ready.acks())
                .addKeyValue("phases", phases.millis())
                .addKeyValue("lost", change.lost())
                .log("primary serves");
        if (sync().acks() != policy().acks()) {
            LOGGER.atWarn()
                    .addKeyValue("configured", policy().acks())
                    .addKeyValue("declared", sync().acks())
                    .log("durability.acks is another than the cluster was declared with");
        }
        tools.events().accept(new Event.AfterPromotion(change));
    }
}
