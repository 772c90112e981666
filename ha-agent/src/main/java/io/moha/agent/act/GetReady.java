package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.observe.StoreFeed;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.util.concurrent.CompletableFuture;

/** What the target of a switchover can do for it while clients still write. */
public final class GetReady implements Action {

    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    private GetReady() {}

    /**
     * Does what the old primary asked for. From any thread; returns at once.
     *
     * @param operation id of the switchover
     * @return whether this node, being the target of that switchover, is ready now; false also
     *     while it has something else to do, or has not heard of the switchover yet
     */
    public static CompletableFuture<Boolean> begin(
            Tools tools, ActionRunner runner, String operation) {
        GetReady action = new GetReady();
        return isTarget(tools, operation) && runner.start(action)
                ? action.done
                : CompletableFuture.completedFuture(false);
    }

    private static boolean isTarget(Tools tools, String operation) {
        StoreFeed.Picture picture = tools.feed().picture();
        if (picture == null || picture.snapshot().switchover() == null) {
            return false;
        }
        SwitchoverRecord record = picture.snapshot().switchover().value();
        return record.id().equals(operation)
                && record.phase() == SwitchoverPhase.PREPARING
                && tools.self().id().equals(record.to());
    }

    @Override
    public String name() {
        return "get ready";
    }

    /** Replicas that come will be sent a log file from its beginning: it shall be a short one. */
    @Override
    public void run(MysqlServer server) throws MysqlException {
        try {
            server.rotateLog();
            done.complete(true);
        } finally {
            done.complete(false);
        }
    }
}
