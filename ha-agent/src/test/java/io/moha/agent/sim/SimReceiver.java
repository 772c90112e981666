package io.moha.agent.sim;

import org.jspecify.annotations.Nullable;

/** A server's receiver ("I/O thread"): connects to its source, again and again, and listens. */
final class SimReceiver {

    private static final long RETRY = Simulation.SECOND;
    private static final long LONG = 5 * Simulation.SECOND;

    private final Simulation sim;
    private final SimMysql replica;
    private final SimLinks links;
    private final SimWatcher watcher;
    private @Nullable SimStream stream;
    private boolean started;
    private boolean acknowledges;
    private int attempt;
    private long startedAt;
    private String error = "";

    SimReceiver(Simulation sim, SimMysql replica, SimLinks links, SimWatcher watcher) {
        this.sim = sim;
        this.replica = replica;
        this.links = links;
        this.watcher = watcher;
    }

    /** Whether it is connected. */
    boolean isRunning() {
        return stream != null;
    }

    /** Whether it tries to connect. */
    boolean isConnecting() {
        return started && stream == null;
    }

    /** Whether it connects by itself, long after somebody told it to whom. */
    boolean isRetrying() {
        return sim.now() - startedAt > LONG;
    }

    /** Its last error; empty when there is none. */
    String error() {
        return error;
    }

    void start() {
        if (!started && replica.data.source != SimData.NOBODY) {
            started = true;
            acknowledges = replica.replicaEnabled;
            error = "";
            startedAt = sim.now();
            tryLater(links.network().delay());
        }
    }

    void stop() {
        started = false;
        attempt++;
        drop();
    }

    void onDeath() {
        stop();
    }

    /** Whether it logs in as one that acknowledges, as it does from its start to its end. */
    boolean isAcknowledging() {
        return acknowledges;
    }

    /** The connection broke. */
    void onBroken(SimStream broken) {
        if (stream == broken) {
            drop();
            error = "the connection broke";
            tryLater(RETRY);
        }
    }

    private void drop() {
        SimStream open = stream;
        stream = null;
        if (open != null) {
            open.closeByReplica();
        }
    }

    private void tryLater(long delay) {
        int mine = ++attempt;
        int life = replica.life();
        Simulation.Event _ =
                sim.in(
                        delay,
                        () ->
                                replica.act(
                                        life,
                                        () -> {
                                            if (attempt == mine && started && stream == null) {
                                                connect();
                                            }
                                        }));
    }

    private void connect() {
        SimMysql source = links.servers().get(replica.data.source);
        SimNetwork network = links.network();
        if (!source.isServing() || !network.passesBothWays(source.index(), replica.index())) {
            error = "cannot connect";
            tryLater(RETRY);
            return;
        }
        if (acknowledges && source.data.locked.contains(replica.index())) {
            error = "the account is locked";
            tryLater(RETRY);
            return;
        }
        Gtids mine = replica.data.everything();
        if (mine.last(source.data.origin()) > source.data.logged.last(source.data.origin())) {
            // ER_SOURCE_HAS_PURGED..: "Replica has more GTIDs than the source has, using the
            // source's SERVER_UUID"; the receiver does not try again.
            error = "has more GTIDs than the source has";
            started = false;
            return;
        }
        watcher.onFollow(replica, source);
        error = "";
        SimStream opened = new SimStream(sim, network, source, replica, mine);
        stream = opened;
        opened.open();
    }
}
