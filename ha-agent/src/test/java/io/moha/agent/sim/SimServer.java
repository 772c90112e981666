package io.moha.agent.sim;

import io.moha.agent.mysql.Blocker;
import io.moha.agent.mysql.ClientConnection;
import io.moha.agent.mysql.ConnectedReplica;
import io.moha.agent.mysql.DiskSpace;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlException.Kind;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerCopy;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.mysql.ServerFacts.ReplicaFacts;
import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of a {@link SimMysql}: the same sequences of statements as the real one sends,
 * each of them a point at which anything may happen.
 */
final class SimServer implements MysqlServer {

    private static final long USUAL = Simulation.SECOND;
    private static final long LONG = 5 * Simulation.SECOND;
    private static final int SLOTS = 8;
    private static final int FAR_BEHIND = 20;

    private final SimMysql server;
    private final SimConnection link;
    private final Runnable end;
    private int heartbeatsWaiting;

    /** A connection to {@code server}; {@code end} ends its process. */
    SimServer(Simulation sim, SimProcess process, SimMysql server, Runnable end) {
        this.server = server;
        this.link = new SimConnection(sim, process, server);
        this.end = end;
    }

    private record Replication(@Nullable ReplicaFacts facts, String retrieved, String executed) {
        boolean isSetUp() {
            return facts != null;
        }
    }

    @Override
    public ServerFacts look() throws MysqlException {
        Replication replication = replication();
        return link.at(
                USUAL,
                () ->
                        new ServerFacts(
                                Gtids.uuid(server.data.origin()),
                                "9.7.0",
                                server.isReadOnly(),
                                server.data.claimed(),
                                "",
                                replication.retrieved(),
                                replication.facts(),
                                semiSyncNow(),
                                new DiskSpace(server.diskPercent(), -1)));
    }

    @Override
    public SemiSyncFacts semiSync() throws MysqlException {
        return link.at(USUAL, this::semiSyncNow);
    }

    private SemiSyncFacts semiSyncNow() {
        return new SemiSyncFacts(
                server.isSourceEnabled(),
                server.isSourceEnabled(),
                server.semiSyncClients(),
                server.waitCount(),
                server.waiting(),
                server.replicaEnabled,
                true);
    }

    @Override
    public void warm() throws MysqlException {
        link.does(USUAL, () -> {});
    }

    private Replication replication() throws MysqlException {
        return link.at(
                USUAL,
                () -> {
                    SimData data = server.data;
                    String executed = data.claimed();
                    if (data.source == SimData.NOBODY) {
                        return new Replication(null, "", executed);
                    }
                    int behind = data.relay.size() - data.applied;
                    boolean measurable = server.isSqlRunning() && server.receiver.isRunning();
                    long lag = behind > FAR_BEHIND ? 100L * behind : 0;
                    return new Replication(
                            new ReplicaFacts(
                                    SimNode.hostName(data.source),
                                    SimNode.PORT,
                                    server.receiver.isRunning(),
                                    server.receiver.isConnecting(),
                                    server.isSqlRunning(),
                                    measurable ? lag : -1,
                                    server.receiver.error(),
                                    ""),
                            data.retrieved.toString(),
                            executed);
                });
    }

    @Override
    public String executed() throws MysqlException {
        return link.at(USUAL, server.data::claimed);
    }

    @Override
    public void prepare() throws MysqlException {
        link.does(USUAL, () -> {});
    }

    @Override
    public List<String> problems() throws MysqlException {
        return link.at(USUAL, List::of);
    }

    @Override
    public void setReadOnly(Duration limit) throws MysqlException {
        Boolean _ =
                link.execute(
                        limit.plusSeconds(2).toNanos(),
                        reply -> {
                            server.wishReadOnly(() -> reply.ok(true));
                            link.later(
                                    limit.toNanos(),
                                    there -> {
                                        if (!there.isReadOnly()) {
                                            there.dropReadOnlyWish();
                                            reply.fail(Kind.TIMEOUT, "not read-only in time");
                                        }
                                    });
                        });
    }

    @Override
    public List<ClientConnection> readOnlyBlockers() throws MysqlException {
        return link.at(USUAL, List::of);
    }

    @Override
    public List<Blocker> blockers() throws MysqlException {
        return link.at(USUAL, List::of);
    }

    @Override
    public void kill(long connection) throws MysqlException {
        link.does(USUAL, () -> {});
    }

    @Override
    public void setWritable() throws MysqlException {
        link.does(USUAL, server::setWritable);
    }

    @Override
    public List<ClientConnection> clients() throws MysqlException {
        return link.at(USUAL, List::of);
    }

    @Override
    public void killTransactions() throws MysqlException {
        link.does(USUAL, () -> {});
    }

    @Override
    public void killClients() throws MysqlException {
        link.does(USUAL, server::killClients);
    }

    @Override
    public void rotateLog() throws MysqlException {
        link.does(USUAL, () -> {});
    }

    @Override
    public boolean awaitExecuted(String gtids, Duration limit) throws MysqlException {
        Gtids wanted = Gtids.parse(server.data.origins(), gtids);
        return link.execute(
                limit.toNanos() + USUAL,
                reply -> {
                    server.awaitExecuted(wanted, () -> reply.ok(true));
                    link.later(limit.toNanos(), _ -> reply.ok(false));
                });
    }

    @Override
    public void stopReceiver() throws MysqlException {
        if (replication().isSetUp()) {
            link.does(LONG, server.receiver::stop);
        }
    }

    @Override
    public void startApplier() throws MysqlException {
        requireSetUp();
        link.does(LONG, server::startApplier);
    }

    @Override
    public void startReplica() throws MysqlException {
        requireSetUp();
        link.does(
                LONG,
                () -> {
                    server.startApplier();
                    server.receiver.start();
                });
    }

    private void requireSetUp() throws MysqlException {
        if (!replication().isSetUp()) {
            throw new MysqlException(Kind.REFUSED, "it is no replica", null);
        }
    }

    @Override
    public void follow(String host, int port, boolean acker) throws MysqlException {
        int source = SimNode.indexOf(host);
        Replication now = replication();
        boolean same = now.facts() != null && now.facts().sourceHost().equals(host);
        if (!same) {
            if (now.isSetUp()) {
                stopDrained();
            }
            link.does(USUAL, () -> server.replicaEnabled = acker);
            link.does(
                    LONG,
                    () -> {
                        server.purgeRelay();
                        server.data.source = source;
                    });
            startReplica();
            return;
        }
        boolean acknowledges = link.at(USUAL, () -> server.replicaEnabled);
        if (acknowledges != acker) {
            stopReceiver();
            link.does(USUAL, () -> server.replicaEnabled = acker);
            startReplica();
        } else {
            startReplica();
        }
    }

    private void stopDrained() throws MysqlException {
        stopReceiver();
        boolean drained = link.at(USUAL, () -> server.data.undrained().isEmpty());
        if (!drained) {
            startApplier();
            throw new MysqlException(Kind.REFUSED, "the relay log is not applied", null);
        }
        link.does(LONG, server::stopApplier);
    }

    @Override
    public void stopFollowing() throws MysqlException {
        if (replication().isSetUp()) {
            stopDrained();
            discardRelayLog();
        }
    }

    @Override
    public void discardRelayLog() throws MysqlException {
        link.does(
                LONG,
                () -> {
                    server.receiver.stop();
                    server.stopApplier();
                });
        link.does(
                LONG,
                () -> {
                    server.purgeRelay();
                    server.data.source = SimData.NOBODY;
                });
    }

    @Override
    public void setSemiSyncSource(int acks) throws MysqlException {
        link.does(USUAL, () -> server.setSemiSyncSource(acks));
    }

    @Override
    public boolean isAdmitting(List<String> in, List<String> out) throws MysqlException {
        return link.at(
                USUAL,
                () ->
                        in.stream().noneMatch(id -> server.data.locked.contains(index(id)))
                                && server.data.locked.containsAll(
                                        out.stream().map(SimServer::index).toList())
                                && server.dumps.stream()
                                        .filter(SimStream::isAdmitted)
                                        .map(dump -> dump.replica().host().id())
                                        .noneMatch(out::contains));
    }

    @Override
    public void provide(String node) throws MysqlException {
        link.does(
                USUAL,
                () -> {
                    if (!server.isReadOnly() && !server.isSourceEnabled()) {
                        // An account that is made anew is not locked; on replicas neither.
                        server.data.locked.remove(index(node));
                    }
                });
    }

    @Override
    public boolean knock() {
        return false;
    }

    @Override
    public void admit(String node) throws MysqlException {
        if (link.at(USUAL, () -> server.data.locked.contains(index(node)))) {
            locally(() -> server.data.locked.remove(index(node)));
        }
    }

    @Override
    public void expel(String node) throws MysqlException {
        if (!link.at(USUAL, () -> server.data.locked.contains(index(node)))) {
            locally(() -> server.data.locked.add(index(node)));
        }
        link.does(LONG, () -> server.expel(index(node)));
    }

    private static int index(String node) {
        return Integer.parseInt(node.substring(1)) - 1;
    }

    private void locally(Runnable body) throws MysqlException {
        boolean closed = link.at(USUAL, server::isReadOnly);
        if (closed) {
            link.does(USUAL, () -> server.ajar(true));
        }
        link.does(USUAL, body);
        if (closed) {
            link.does(USUAL, () -> server.ajar(false));
        }
    }

    @Override
    public void dropAckers() throws MysqlException {
        link.does(USUAL, server::dropAckers);
    }

    @Override
    public List<ConnectedReplica> connectedReplicas() throws MysqlException {
        return link.at(
                USUAL,
                () ->
                        server.dumps.stream()
                                .map(
                                        dump ->
                                                new ConnectedReplica(
                                                        Gtids.uuid(dump.replica().data.origin()),
                                                        SimNode.hostName(dump.replica().index()),
                                                        dump.isSemiSync()))
                                .toList());
    }

    @Override
    public boolean commitHeartbeat(long epoch, Duration limit) throws MysqlException {
        boolean free = link.at(USUAL, () -> heartbeatsWaiting < SLOTS);
        if (!free) {
            boolean _ = link.execute(limit.plusSeconds(1).toNanos(), this::waitABit);
            return false;
        }
        int life = server.life();
        return link.execute(
                limit.toNanos() + USUAL,
                reply -> {
                    boolean[] ended = new boolean[1];
                    server.write(
                            0,
                            committed -> {
                                if (ended[0]) {
                                    heartbeatsWaiting--;
                                } else if (committed) {
                                    reply.ok(true);
                                } else {
                                    reply.fail(Kind.REFUSED, "the server is read-only");
                                }
                                ended[0] = true;
                            });
                    server.onDeath(() -> heartbeatsWaiting = 0);
                    link.later(
                            limit.toNanos(),
                            there -> {
                                if (!ended[0] && there.life() == life) {
                                    ended[0] = true;
                                    heartbeatsWaiting++;
                                    reply.ok(false);
                                }
                            });
                });
    }

    private void waitABit(SimConnection.Reply<Boolean> reply) {
        link.later(20 * Simulation.MS, _ -> reply.ok(true));
    }

    @Override
    public void probe(Duration limit) throws MysqlException {
        link.does(limit.toNanos(), () -> {});
    }

    @Override
    public void cloneFrom(String host, int port, Duration limit) throws MysqlException {
        try {
            Boolean _ =
                    link.execute(
                            limit.toNanos(),
                            reply ->
                                    server.cloneFrom(
                                            SimNode.indexOf(host),
                                            why -> reply.fail(Kind.REFUSED, why),
                                            end));
        } catch (MysqlException failure) {
            if (failure.kind() != Kind.UNREACHABLE) {
                throw failure;
            }
        }
    }

    @Override
    public ServerCopy copy() throws MysqlException {
        return link.at(USUAL, server.data::copyState);
    }

    @Override
    public List<Path> binaryLogs() throws MysqlException {
        return link.at(USUAL, List::of);
    }

    @Override
    public void close() {}
}
