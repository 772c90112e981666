package io.moha.agent.sim;

/**
 * One replication connection: the source's dump thread, the replica's receiver, and what is on the
 * way between them. Either side may believe it open when the other does not.
 */
final class SimStream {

    private static final long RETRANSMIT = 200 * Simulation.MS;
    private static final long HEARTBEAT = Simulation.SECOND;
    private static final long NET_TIMEOUT = 6 * Simulation.SECOND;

    private final Simulation sim;
    private final SimNetwork network;
    private final SimMysql source;
    private final SimMysql replica;
    private final int sourceLife;
    private final int replicaLife;
    private final boolean semiSync;
    private final boolean admitted;
    private final Gtids known;
    private boolean open = true;
    private boolean sending;
    private int next;
    private long heardAt;

    SimStream(Simulation sim, SimNetwork network, SimMysql source, SimMysql replica, Gtids known) {
        this.sim = sim;
        this.network = network;
        this.source = source;
        this.replica = replica;
        this.sourceLife = source.life();
        this.replicaLife = replica.life();
        this.semiSync = replica.replicaEnabled;
        this.admitted = replica.receiver.isAcknowledging();
        this.known = known;
    }

    boolean isSemiSync() {
        return semiSync;
    }

    SimMysql replica() {
        return replica;
    }

    void open() {
        // A new connection of a replica ends its old one.
        source.dumps.removeIf(old -> old.replica == replica);
        source.dumps.add(this);
        heardAt = sim.now();
        listen();
        pump();
    }

    /** Whether it came in by an account for those who acknowledge. */
    boolean isAdmitted() {
        return admitted;
    }

    /** The source ended it. */
    void kill() {
        source.dumps.remove(this);
        onSourceDeath();
    }

    /** Sends what there is. */
    void pump() {
        if (!open || sending) {
            return;
        }
        while (next < source.data.binlog.size() && known.has(source.data.binlog.get(next))) {
            next++;
        }
        if (next >= source.data.binlog.size()) {
            return;
        }
        sending = true;
        Trx trx = source.data.binlog.get(next);
        int position = ++next;
        boolean ack = semiSync && source.isSourceEnabled();
        Simulation.Event _ =
                sim.in(
                        network.delay() + sim.between(0, replica.receiveNanos()),
                        () -> deliver(trx, position, ack));
    }

    private void deliver(Trx trx, int position, boolean ack) {
        if (!open || !replica.isUp() || replica.life() != replicaLife) {
            return;
        }
        if (!network.passes(source.index(), replica.index())) {
            Simulation.Event _ = sim.in(RETRANSMIT, () -> deliver(trx, position, ack));
            return;
        }
        replica.act(
                replicaLife,
                () -> {
                    if (!open) {
                        return;
                    }
                    heardAt = sim.now();
                    replica.data.receive(trx);
                    replica.apply();
                    if (ack) {
                        Simulation.Event _ = sim.in(network.delay(), () -> acknowledge(position));
                    }
                    sending = false;
                    source.act(sourceLife, this::pump);
                });
    }

    private void acknowledge(int position) {
        if (!source.dumps.contains(this)) {
            return;
        }
        if (!network.passes(replica.index(), source.index())) {
            Simulation.Event _ = sim.in(RETRANSMIT, () -> acknowledge(position));
            return;
        }
        source.act(
                sourceLife,
                () -> {
                    if (source.dumps.contains(this)) {
                        source.onAck(replica, position);
                    }
                });
    }

    private void listen() {
        Simulation.Event _ =
                sim.in(
                        HEARTBEAT,
                        () ->
                                replica.act(
                                        replicaLife,
                                        () -> {
                                            if (open) {
                                                heartbeat();
                                            }
                                        }));
    }

    private void heartbeat() {
        // It is the dump thread that sends heartbeats, so one that was killed sends none.
        boolean heard =
                source.dumps.contains(this)
                        && source.isServing()
                        && source.life() == sourceLife
                        && network.passesBothWays(source.index(), replica.index());
        if (heard) {
            heardAt = sim.now();
        }
        if (sim.now() - heardAt > NET_TIMEOUT) {
            replica.receiver.onBroken(this);
        } else {
            listen();
        }
    }

    /** The replica closed its end; the source hears of it when the network lets it. */
    void closeByReplica() {
        open = false;
        boolean told = network.passes(replica.index(), source.index()) && replica.host().isUp();
        long delay = told ? network.delay() : sim.between(5, 20) * Simulation.SECOND;
        Simulation.Event _ =
                sim.in(delay, () -> source.act(sourceLife, () -> source.dumps.remove(this)));
    }

    /** The source's process is gone; the replica hears of it if the machine could still tell. */
    void onSourceDeath() {
        if (source.host().isUp() && network.passes(source.index(), replica.index())) {
            Simulation.Event _ =
                    sim.in(
                            network.delay(),
                            () ->
                                    replica.act(
                                            replicaLife,
                                            () -> {
                                                if (open) {
                                                    replica.receiver.onBroken(this);
                                                }
                                            }));
        }
    }
}
