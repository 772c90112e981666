package io.moha.agent.act;

import io.moha.agent.decide.SyncStep;
import io.moha.agent.mysql.ConnectedReplica;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.store.Change;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncMode;
import io.moha.protocol.cluster.SyncRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one {@link SyncStep} as holder of an epoch, its two halves in the safe order. */
public final class SyncChange implements Action {

    private static final Logger LOGGER = LoggerFactory.getLogger(SyncChange.class);
    private static final Duration BARRIER = Duration.ofSeconds(2);
    private static final String NOBODY = "";

    private final Tools tools;
    private final long epoch;
    private final SyncStep step;

    /** The change by {@code step} in {@code epoch}. */
    public SyncChange(Tools tools, long epoch, SyncStep step) {
        this.tools = tools;
        this.epoch = epoch;
        this.step = step;
    }

    @Override
    public String name() {
        return "sync " + step.getClass().getSimpleName();
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        tools.requireTenure(epoch);
        SyncRecord sync = sync();
        switch (step) {
            case SyncStep.None _ -> {}
            case SyncStep.Grow(String node, _) -> {
                record(sync.withAckers(with(sync, node)));
                server.admit(node);
            }
            case SyncStep.Readmit(String node, _) -> readmit(server, sync, node);
            case SyncStep.Admit(String node, _) -> record(sync.withMember(node));
            case SyncStep.Shrink(String node, _) -> {
                server.expel(node);
                requireSilent(server, sync, node);
                barrier(server);
                requireSilent(server, sync, node);
                record(sync.withAckers(without(sync, node)));
            }
            case SyncStep.EnterSync _ -> {
                enforce(server, sync);
                barrier(server);
                requireAckersOnly(server, sync);
                record(in(sync, SyncMode.SYNC, sync.ackers()));
            }
            case SyncStep.Degrade(SyncMode mode, _) -> {
                record(in(sync, mode, List.of()));
                tools.requireTenure(epoch);
                server.setSemiSyncSource(0);
            }
            case SyncStep.Relax _ -> relax(server);
            case SyncStep.Enforce _ -> server.setSemiSyncSource(sync.acks());
        }
        tools.look(server);
        LOGGER.atInfo()
                .addKeyValue("step", step)
                .addKeyValue("epoch", epoch)
                .addKeyValue("mode", sync().mode())
                .addKeyValue("ackers", sync().ackers())
                .log("acknowledgement rules changed");
    }

    /**
     * Makes commits wait for the ackers of {@code sync} and nobody else, where the record says that
     * they need not wait: the first commits give every member its account on every server, for
     * which it is too late once commits wait. That unlocks all of them, so that whoever is no acker
     * is kept out after it. What comes next is a barrier commit, and {@link #requireAckersOnly}.
     */
    void enforce(MysqlServer server, SyncRecord sync) throws MysqlException, AbandonedException {
        provide(server, sync);
        server.setSemiSyncSource(sync.acks());
        for (String node : others(sync, tools.self().id())) {
            server.expel(node);
        }
        requireAckersOnly(server, sync);
    }

    private static void provide(MysqlServer server, SyncRecord sync) throws MysqlException {
        try {
            for (String node : sync.members()) {
                server.provide(node);
            }
        } catch (MysqlException failure) {
            // A lock for a backup lets nobody change accounts, perhaps for hours.
            if (failure.kind() != MysqlException.Kind.TIMEOUT
                    || !server.isAdmitting(sync.ackers(), List.of())) {
                throw failure;
            }
            LOGGER.atWarn()
                    .addKeyValue("cause", failure.getMessage())
                    .log("accounts of acknowledgers not made anew; the present ones serve");
        }
    }

    /** Only ackers of {@code sync} may be connected as such. */
    void requireAckersOnly(MysqlServer server, SyncRecord sync)
            throws MysqlException, AbandonedException {
        requireSilent(server, sync, NOBODY);
    }

    /** The picture may be older than a shrink: a write that compares it tells. */
    private void readmit(MysqlServer server, SyncRecord sync, String node)
            throws MysqlException, AbandonedException {
        if (!sync.ackers().contains(node)) {
            throw new AbandonedException(node + " is no acker");
        }
        requireRecord();
        server.admit(node);
    }

    /** The members but {@code self} that are no ackers of {@code sync}. */
    static List<String> others(SyncRecord sync, String self) {
        return sync.members().stream()
                .filter(id -> !id.equals(self) && !sync.ackers().contains(id))
                .toList();
    }

    /** The picture may be older than the record: a write that compares it tells. */
    private void relax(MysqlServer server) throws MysqlException, AbandonedException {
        ClusterSnapshot snapshot = tools.snapshot();
        SyncRecord sync = snapshot.syncRecord();
        if (sync == null || sync.mode() == SyncMode.SYNC) {
            throw new AbandonedException("the record says SYNC");
        }
        requireRecord();
        tools.requireTenure(epoch);
        server.setSemiSyncSource(0);
    }

    /** Proves that the record is as the picture has it. */
    private void requireRecord() throws AbandonedException {
        ClusterSnapshot snapshot = tools.snapshot();
        Change same = Change.empty().expect(tools.store().keys().sync(), snapshot.syncRevision());
        tools.change(epoch, leader -> leader.renewed(leader.floor()), same);
    }

    /** Only ackers other than {@code node} may be connected, or it could acknowledge unseen. */
    private void requireSilent(MysqlServer server, SyncRecord sync, String node)
            throws MysqlException, AbandonedException {
        ClusterSnapshot snapshot = tools.snapshot();
        List<String> known =
                without(sync, node).stream()
                        .map(id -> snapshot.members().get(id))
                        .filter(Objects::nonNull)
                        .map(MemberRecord::serverUuid)
                        .toList();
        for (ConnectedReplica replica : server.connectedReplicas()) {
            if (replica.semiSync() && !known.contains(replica.serverUuid())) {
                throw new AbandonedException(replica + " still acknowledges");
            }
        }
    }

    private SyncRecord sync() throws AbandonedException {
        SyncRecord sync = tools.snapshot().syncRecord();
        if (sync == null) {
            throw new AbandonedException("the sync record is gone");
        }
        return sync;
    }

    /** Commits something that the ackers confirm, and with it everything before. */
    private void barrier(MysqlServer server) throws MysqlException, AbandonedException {
        if (!server.commitHeartbeat(epoch, BARRIER)) {
            throw new AbandonedException("the barrier commit was not acknowledged");
        }
    }

    private void record(SyncRecord next) throws AbandonedException {
        ClusterSnapshot snapshot = tools.snapshot();
        Change change =
                Change.empty().replace(tools.store().keys().sync(), snapshot.syncRevision(), next);
        tools.change(epoch, leader -> leader.renewed(leader.floor()), change);
    }

    /** {@code sync} in another mode with other ackers. */
    static SyncRecord in(SyncRecord sync, SyncMode mode, List<String> ackers) {
        return new SyncRecord(
                sync.version(), mode, sync.acks(), ackers, sync.members(), sync.clusterUuid());
    }

    /** The ackers of {@code sync} and {@code node}, sorted. */
    static List<String> with(SyncRecord sync, String node) {
        List<String> more = new ArrayList<>(without(sync, node));
        more.add(node);
        more.sort(null);
        return more;
    }

    /** The ackers of {@code sync} but {@code node}. */
    static List<String> without(SyncRecord sync, String node) {
        return sync.ackers().stream().filter(id -> !id.equals(node)).toList();
    }
}
