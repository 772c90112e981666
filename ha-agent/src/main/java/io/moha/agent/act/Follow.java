package io.moha.agent.act;

import io.moha.agent.decide.FollowerRules;
import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes this server a replica of the primary of one epoch. */
public final class Follow implements Action {

    private static final Duration STEP = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ADMISSION = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Tools tools;
    private final long epoch;
    private final String host;
    private final int port;
    private final boolean acker;

    /** Follows {@code host:port}, the primary of {@code epoch}, as an acker or not. */
    public Follow(Tools tools, long epoch, String host, int port, boolean acker) {
        this.tools = tools;
        this.epoch = epoch;
        this.host = host;
        this.port = port;
        this.acker = acker;
    }

    @Override
    public String name() {
        return "follow " + host + ":" + port;
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        requireEpoch();
        ServerFacts facts = server.look();
        drain(server, facts);
        if (facts.semiSync().sourceEnabled()) {
            // Else the applier would wait for replicas of its own.
            server.setSemiSyncSource(0);
        }
        requireSubset(server, facts.replica());
        server.follow(host, port, acker);
        if (acker) {
            awaitAdmission(server);
        }
        tools.look(server);
        tools.watch().poke();
    }

    /**
     * A new primary may admit its ackers a moment after they come, and lets nobody write before it
     * has enough of them.
     */
    private void awaitAdmission(MysqlServer server) throws MysqlException, AbandonedException {
        Moment until = tools.ticker().now().plus(ADMISSION);
        while (server.knock() && tools.ticker().now().isBefore(until)) {
            tools.pause(LOOK_AGAIN);
            requireEpoch();
        }
    }

    /**
     * Applies what was received from another source, because following a new one throws the relay
     * log away. When the applier cannot, the log may go: the rules let a node follow only a primary
     * that has all of it.
     */
    private void drain(MysqlServer server, ServerFacts facts)
            throws MysqlException, AbandonedException {
        ServerFacts.ReplicaFacts replica = facts.replica();
        if (replica == null || isSame(replica) || isApplied(facts)) {
            return;
        }
        server.stopReceiver();
        server.startApplier();
        String received = server.look().retrieved();
        Moment until = tools.ticker().now().plus(PATIENCE);
        while (!server.awaitExecuted(received, STEP)) {
            requireEpoch();
            if (!tools.ticker().now().isBefore(until) && !applies(server)) {
                server.discardRelayLog();
                return;
            }
        }
    }

    /** What came in since this was decided may be what the primary lacks. */
    private void requireSubset(MysqlServer server, ServerFacts.@Nullable ReplicaFacts replica)
            throws MysqlException, AbandonedException {
        if (isSame(replica)) {
            return;
        }
        if (replica != null) {
            server.stopReceiver();
        }
        requireEpoch();
        ServerFacts stopped = tools.look(server);
        ClusterSnapshot snapshot = tools.snapshot();
        LeaderRecord leader = snapshot.leaderRecord();
        if (leader == null) {
            throw new AbandonedException("the leader record is gone");
        }
        GtidSet extra = FollowerRules.extra(leader, snapshot, stopped);
        if (!extra.isEmpty()) {
            throw new AbandonedException(leader.holder() + " may lack " + extra);
        }
    }

    private boolean isSame(ServerFacts.@Nullable ReplicaFacts replica) {
        return replica != null && replica.sourceHost().equals(host) && replica.sourcePort() == port;
    }

    private static boolean applies(MysqlServer server) throws MysqlException {
        ServerFacts.ReplicaFacts replica = server.look().replica();
        return replica != null && replica.sqlRunning();
    }

    private static boolean isApplied(ServerFacts facts) {
        return GtidSet.parse(facts.executed()).contains(GtidSet.parse(facts.retrieved()));
    }

    private void requireEpoch() throws AbandonedException {
        LeaderRecord leader = tools.snapshot().leaderRecord();
        if (leader == null || leader.epoch() != epoch || tools.lease().tenure() != null) {
            throw new AbandonedException("epoch " + epoch + " is over");
        }
    }
}
