package io.moha.agent.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One mysqld, over all its lives: group commit with lossless semi-sync (flush, wait, engine commit,
 * answer), read-only, an applier, and the two ends of replication. What is not on its disk begins
 * anew with each life, read-only and with replication stopped.
 */
final class SimMysql {

    private final Simulation sim;
    private final SimHost host;
    private final SimWatcher watcher;
    final SimData data;
    final SimReceiver receiver;
    final List<SimStream> dumps = new ArrayList<>();
    private final ArrayDeque<Commit> committing = new ArrayDeque<>();
    private final List<Runnable> blockedWrites = new ArrayList<>();
    private final List<ExecutedWait> executedWaits = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final List<Runnable> onDeath = new ArrayList<>();
    private final Map<Integer, Integer> acknowledged = new HashMap<>();
    private final SimLinks links;
    private @Nullable Runnable readOnlyWish;
    private int life;
    private boolean up;
    private boolean accepting;
    private int pauses;
    private boolean readOnly = true;
    private boolean ajar;
    private boolean sourceEnabled;
    private int waitCount = 1;
    boolean replicaEnabled;
    private boolean sqlRunning;
    private boolean applying;
    private long applyNanos = 400_000;
    private long receiveNanos;
    private int diskPercent = 50;

    /** A commit on its way. */
    private static final class Commit {
        private final Trx trx;
        private final int position;
        private final boolean waits;
        private final Runnable done;
        private boolean flushed;

        private Commit(Trx trx, int position, boolean waits, Runnable done) {
            this.trx = trx;
            this.position = position;
            this.waits = waits;
            this.done = done;
        }
    }

    private record ExecutedWait(Gtids wanted, Runnable done) {}

    SimMysql(Simulation sim, SimHost host, SimData data, SimLinks links, SimWatcher watcher) {
        this.sim = sim;
        this.host = host;
        this.data = data;
        this.links = links;
        this.watcher = watcher;
        this.receiver = new SimReceiver(sim, this, links, watcher);
    }

    SimHost host() {
        return host;
    }

    int index() {
        return host.index();
    }

    int life() {
        return life;
    }

    boolean isUp() {
        return up;
    }

    /** Whether it takes connections and does anything. */
    boolean isServing() {
        return up && accepting && pauses == 0;
    }

    boolean isAccepting() {
        return up && accepting;
    }

    boolean isReadOnly() {
        return readOnly && !ajar;
    }

    /** Closed for clients, but not for administrators; or closed for them again. */
    void ajar(boolean open) {
        ajar = open;
    }

    /** Ends what {@code replica} has open to acknowledge. */
    void expel(int replica) {
        new ArrayList<>(dumps)
                .stream()
                        .filter(dump -> dump.isAdmitted() && dump.replica().index() == replica)
                        .forEach(SimStream::kill);
    }

    /** Ends the connections of all who acknowledge. */
    void dropAckers() {
        new ArrayList<>(dumps).stream().filter(SimStream::isSemiSync).forEach(SimStream::kill);
    }

    /** Whether a client's write could succeed on it now, as far as it is concerned. */
    boolean isWritable() {
        return isServing() && !readOnly;
    }

    boolean isSqlRunning() {
        return sqlRunning;
    }

    boolean isSourceEnabled() {
        return sourceEnabled;
    }

    int waitCount() {
        return waitCount;
    }

    int waiting() {
        return committing.size();
    }

    /** Semi-sync replicas that it believes to be connected. */
    int semiSyncClients() {
        return (int) dumps.stream().filter(SimStream::isSemiSync).count();
    }

    /** Makes its applier need up to {@code nanos} for each transaction. */
    void applyNanos(long nanos) {
        applyNanos = nanos;
    }

    /** How full its disk is. */
    int diskPercent() {
        return diskPercent;
    }

    /** Fills its disk to {@code percent}; that alone keeps nothing from working. */
    void diskPercent(int percent) {
        diskPercent = percent;
    }

    /** How much longer than its way each transaction takes to arrive here. */
    long receiveNanos() {
        return receiveNanos;
    }

    /** Makes each transaction take up to {@code nanos} longer to arrive here. */
    void receiveNanos(long nanos) {
        receiveNanos = nanos;
    }

    /** The process begins, and takes connections a little later. */
    void start() {
        life++;
        data.forgetsCopy();
        up = true;
        accepting = false;
        readOnly = true;
        ajar = false;
        sourceEnabled = false;
        waitCount = 1;
        replicaEnabled = false;
        sqlRunning = false;
        applying = false;
        data.recover();
        int mine = life;
        Simulation.Event _ =
                sim.in(
                        sim.between(100, 900) * Simulation.MS,
                        () -> act(mine, () -> accepting = true));
    }

    /** The process is gone, with everything that was not on disk. */
    void die() {
        if (!up) {
            return;
        }
        up = false;
        accepting = false;
        committing.clear();
        blockedWrites.clear();
        executedWaits.clear();
        held.clear();
        acknowledged.clear();
        readOnlyWish = null;
        receiver.onDeath();
        new ArrayList<>(dumps).forEach(SimStream::onSourceDeath);
        dumps.clear();
        List<Runnable> told = new ArrayList<>(onDeath);
        onDeath.clear();
        told.forEach(Runnable::run);
    }

    /** Calls {@code told} once when this life ends. */
    void onDeath(Runnable told) {
        onDeath.add(told);
    }

    void pause() {
        pauses++;
    }

    void goOn() {
        pauses--;
        if (pauses > 0) {
            return;
        }
        List<Runnable> due = new ArrayList<>(held);
        held.clear();
        int mine = life;
        for (Runnable body : due) {
            Simulation.Event _ = sim.in(sim.between(1_000, 400_000), () -> act(mine, body));
        }
    }

    /**
     * Does {@code body} in life {@code of}: now, when it goes on, or never if that life is over.
     */
    void act(int of, Runnable body) {
        if (!up || life != of) {
            return;
        }
        if (pauses > 0) {
            held.add(body);
        } else {
            body.run();
        }
    }

    /** A client's or heartbeat's write; {@code done} hears whether it was committed or refused. */
    void write(long value, Consumer<Boolean> done) {
        if (readOnlyWish != null) {
            blockedWrites.add(() -> write(value, done));
            return;
        }
        if (readOnly) {
            done.accept(false);
            return;
        }
        Trx trx = new Trx(data.origin(), data.nextNumber(), value);
        watcher.onTransaction(this, trx);
        commit(
                trx,
                () -> {
                    if (trx.isClients()) {
                        watcher.onAcknowledged(this, trx);
                    }
                    done.accept(true);
                });
    }

    private void commit(Trx trx, Runnable done) {
        data.log(trx);
        Commit commit = new Commit(trx, data.binlog.size(), sourceEnabled, done);
        committing.add(commit);
        int mine = life;
        Simulation.Event _ =
                sim.in(
                        sim.between(20_000, 300_000),
                        () ->
                                act(
                                        mine,
                                        () -> {
                                            commit.flushed = true;
                                            release();
                                        }));
        new ArrayList<>(dumps).forEach(SimStream::pump);
    }

    /** Commits, in the log's order, what waits for nothing any more. */
    private void release() {
        boolean any = false;
        while (!committing.isEmpty()) {
            Commit head = committing.peek();
            boolean waits = head.waits && sourceEnabled && acks(head.position) < waitCount;
            if (!head.flushed || waits) {
                break;
            }
            committing.poll();
            data.executed.add(head.trx);
            any = true;
            head.done.run();
        }
        if (any) {
            noteExecuted();
        }
        Runnable wish = readOnlyWish;
        if (committing.isEmpty() && wish != null) {
            wish.run();
        }
    }

    private long acks(int position) {
        return acknowledged.values().stream().filter(upTo -> upTo >= position).count();
    }

    /** {@code replica} has everything up to {@code position} of the binary log. */
    void onAck(SimMysql replica, int position) {
        watcher.onAck(this, replica);
        acknowledged.merge(replica.index(), position, Math::max);
        release();
    }

    private void noteExecuted() {
        for (ExecutedWait wait : new ArrayList<>(executedWaits)) {
            if (data.executed.containsAll(wait.wanted())) {
                executedWaits.remove(wait);
                wait.done().run();
            }
        }
    }

    /** Calls {@code done} as soon as {@code wanted} is executed. */
    void awaitExecuted(Gtids wanted, Runnable done) {
        executedWaits.add(new ExecutedWait(wanted, done));
        noteExecuted();
    }

    /** Becomes read-only when no commit is on its way any more; new ones wait until then. */
    void wishReadOnly(Runnable done) {
        if (readOnly || committing.isEmpty()) {
            readOnly = true;
            ajar = false;
            done.run();
            return;
        }
        readOnlyWish =
                () -> {
                    readOnlyWish = null;
                    readOnly = true;
                    unblock();
                    done.run();
                };
    }

    /** Gives the wish up. */
    void dropReadOnlyWish() {
        readOnlyWish = null;
        unblock();
    }

    private void unblock() {
        List<Runnable> writes = new ArrayList<>(blockedWrites);
        blockedWrites.clear();
        writes.forEach(Runnable::run);
    }

    /** Ends the clients that do not wait in a commit. */
    void killClients() {
        blockedWrites.clear();
    }

    void setWritable() {
        readOnly = false;
        watcher.onWritable(this);
    }

    void setSemiSyncSource(int acks) {
        sourceEnabled = acks > 0;
        if (acks > 0) {
            waitCount = acks;
        }
        release();
    }

    void startApplier() {
        sqlRunning = true;
        apply();
    }

    void stopApplier() {
        sqlRunning = false;
    }

    /** Throws the relay log away; both threads are stopped. */
    void purgeRelay() {
        watcher.onPurge(this);
        data.purgeRelay();
        applying = false;
    }

    /**
     * Becomes a copy of what {@code donor} has committed: drops everything, then copies, then ends.
     *
     * @param failed told why it could not; the server is empty then if it had begun
     * @param end how the process ends after it
     */
    void cloneFrom(int donor, Consumer<String> failed, Runnable end) {
        SimMysql from = links.servers().get(donor);
        data.beginsCopy();
        if (!isReaching(from)) {
            failed.accept("cannot reach the donor");
            return;
        }
        stopApplier();
        int mine = life;
        if (applying) {
            // The statement waits for transactions that commit.
            Simulation.Event _ =
                    sim.in(Simulation.MS, () -> act(mine, () -> cloneFrom(donor, failed, end)));
            return;
        }
        watcher.onDiscard(this, from);
        data.clear();
        Simulation.Event _ =
                sim.in(
                        sim.between(100, 4_000) * Simulation.MS,
                        () ->
                                act(
                                        mine,
                                        () -> {
                                            if (!isReaching(from)) {
                                                failed.accept("lost the donor");
                                                return;
                                            }
                                            data.copy(from.data);
                                            end.run();
                                        }));
    }

    private boolean isReaching(SimMysql other) {
        return other.isServing() && links.network().passesBothWays(index(), other.index());
    }

    /** Applies what there is, one transaction after the other. */
    void apply() {
        while (data.applied < data.relay.size()
                && data.executed.has(data.relay.get(data.applied))) {
            data.applied++;
        }
        if (!sqlRunning || applying || data.applied >= data.relay.size()) {
            return;
        }
        applying = true;
        Trx next = data.relay.get(data.applied);
        int mine = life;
        Simulation.Event _ =
                sim.in(
                        sim.between(applyNanos / 4, applyNanos),
                        () -> act(mine, () -> applied(next)));
    }

    private void applied(Trx trx) {
        boolean stillThere = data.retrieved.has(trx);
        if (!applying || !stillThere || data.logged.has(trx)) {
            applying = false;
            apply();
            return;
        }
        if (!sqlRunning) {
            applying = false;
            return;
        }
        commit(
                trx,
                () -> {
                    applying = false;
                    apply();
                });
    }
}
