package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.observe.StoreFeed;
import io.moha.agent.store.ClusterSnapshot;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Applies all that the old primary of a switchover has; clients wait meanwhile. */
public final class CatchUp implements Action {

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Tools tools;
    private final String gtids;
    private final Duration limit;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    /** Applies {@code gtids}, and gives up after {@code limit}. */
    public CatchUp(Tools tools, String gtids, Duration limit) {
        this.tools = tools;
        this.gtids = gtids;
        this.limit = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
    }

    /**
     * Does what the old primary asked for directly, which saves it the way through the store. From
     * any thread; returns at once.
     *
     * @param epoch of the primary that asks
     * @return whether this node, being the target of its switchover, has applied {@code gtids}
     *     within {@code limit}
     */
    public static CompletableFuture<Boolean> begin(
            Tools tools, ActionRunner runner, long epoch, String gtids, Duration limit) {
        CatchUp action = new CatchUp(tools, gtids, limit);
        return isTarget(tools, epoch) && runner.start(action)
                ? action.done
                : CompletableFuture.completedFuture(false);
    }

    private static boolean isTarget(Tools tools, long epoch) {
        StoreFeed.Picture picture = tools.feed().picture();
        if (picture == null) {
            return false;
        }
        ClusterSnapshot snapshot = picture.snapshot();
        LeaderRecord leader = snapshot.leaderRecord();
        return leader != null
                && leader.epoch() == epoch
                && leader.state() == LeaderState.SWITCHING
                && snapshot.switchover() != null
                && tools.self().id().equals(snapshot.switchover().value().to());
    }

    @Override
    public String name() {
        return "catch up";
    }

    @Override
    public void run(MysqlServer server) throws MysqlException {
        try {
            done.complete(server.awaitExecuted(gtids, limit));
        } finally {
            done.complete(false);
        }
        tools.look(server);
    }
}
