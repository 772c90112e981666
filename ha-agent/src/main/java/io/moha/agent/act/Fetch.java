package io.moha.agent.act;

import io.moha.agent.mysql.GtidSet;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import java.time.Duration;

/**
 * Part of an election: this node, which is to become primary, receives what it lacks from a frozen
 * one that has everything and must never be primary. It acknowledges nothing by that, and is frozen
 * again when this ends.
 */
public final class Fetch implements Action {

    /** What the name begins with. */
    public static final String NAME = "fetch";

    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Tools tools;
    private final long epoch;
    private final String host;
    private final int port;
    private final GtidSet wanted;

    /** Fetches {@code gtids} from {@code host:port} in the election of {@code epoch}. */
    public Fetch(Tools tools, long epoch, String host, int port, String gtids) {
        this.tools = tools;
        this.epoch = epoch;
        this.host = host;
        this.port = port;
        this.wanted = GtidSet.parse(gtids);
    }

    @Override
    public String name() {
        return NAME + " from " + host + ":" + port;
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        requireElection();
        server.stopReceiver();
        ServerFacts facts = tools.look(server);
        if (!wanted.contains(has(facts))) {
            throw new AbandonedException("the source lacks " + has(facts).subtract(wanted));
        }
        Moment until = tools.ticker().now().plus(PATIENCE);
        if (facts.replica() != null) {
            // Following another source throws away what is not applied.
            server.startApplier();
            while (!server.awaitExecuted(facts.retrieved(), STEP)) {
                requireTime(until);
            }
        }
        requireElection();
        try {
            server.follow(host, port, false);
            while (!has(tools.look(server)).contains(wanted)) {
                requireTime(until);
                tools.pause(STEP);
            }
        } finally {
            server.stopReceiver();
            tools.look(server);
        }
    }

    private static GtidSet has(ServerFacts facts) {
        return GtidSet.parse(facts.executed()).union(GtidSet.parse(facts.retrieved()));
    }

    private void requireTime(Moment until) throws AbandonedException {
        requireElection();
        if (!tools.ticker().now().isBefore(until)) {
            throw new AbandonedException("it takes too long");
        }
    }

    private void requireElection() throws AbandonedException {
        LeaderRecord leader = tools.snapshot().leaderRecord();
        if (leader == null
                || leader.epoch() != epoch
                || leader.state() != LeaderState.ELECTING
                || tools.ledger().isPromisedAgainst(epoch)) {
            throw new AbandonedException("the election of epoch " + epoch + " is over");
        }
    }
}
