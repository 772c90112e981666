package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.store.Change;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers whether a switchover could be done, and does nothing. */
public final class Rehearsal implements Action {

    private final Tools tools;
    private final SwitchoverRecord request;
    private final long revision;
    private final @Nullable MemberRecord target;
    private final String obstacle;

    /**
     * The answer to {@code request}, which stands at {@code revision}.
     *
     * @param target who would become primary; null when nobody could
     * @param obstacle why nobody could; empty when somebody can
     */
    public Rehearsal(
            Tools tools,
            SwitchoverRecord request,
            long revision,
            @Nullable MemberRecord target,
            String obstacle) {
        this.tools = tools;
        this.request = request;
        this.revision = revision;
        this.target = target;
        this.obstacle = obstacle;
    }

    @Override
    public String name() {
        return "rehearsal of a switchover";
    }

    @Override
    public void run(MysqlServer server) throws MysqlException {
        List<String> found = new ArrayList<>();
        if (!obstacle.isEmpty()) {
            found.add(obstacle);
        }
        if (target == null) {
            server.blockers().forEach(blocker -> found.add(blocker.what()));
        } else {
            found.addAll(new Preflight(tools).obstacles(server, target));
        }
        SwitchoverRecord answer =
                new SwitchoverRecord(
                        request.version(),
                        request.id(),
                        tools.self().id(),
                        target == null ? request.to() : target.id(),
                        request.requestedBy(),
                        request.requestedAtMs(),
                        request.timeoutMs(),
                        found.isEmpty() ? SwitchoverPhase.DONE : SwitchoverPhase.ABANDONED,
                        found.isEmpty() ? SwitchoverRecord.COULD_BE_DONE : Preflight.said(found),
                        Map.of());
        tools.store()
                .commit(
                        Change.empty()
                                .replace(tools.store().keys().switchover(), revision, answer));
        tools.feed().poke();
    }
}
