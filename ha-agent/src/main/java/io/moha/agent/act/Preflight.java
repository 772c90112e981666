package io.moha.agent.act;

import io.moha.agent.decide.SwitchoverRules;
import io.moha.agent.mysql.Blocker;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.MemberRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps a primary from handing over, looked for while clients notice nothing. */
final class Preflight {

    private static final Logger LOGGER = LoggerFactory.getLogger(Preflight.class);

    /** How long what was killed gets to roll back. */
    private static final Duration ROLLBACK = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Tools tools;

    Preflight(Tools tools) {
        this.tools = tools;
    }

    /** A sentence each for everything found, for people; empty when nothing stands in the way. */
    List<String> obstacles(MysqlServer server, MemberRecord target) throws MysqlException {
        return Stream.concat(
                        server.blockers().stream().map(Blocker::what),
                        unfit(server, target).stream())
                .toList();
    }

    /** What only looking at the server itself shows of {@code target}. */
    private static List<String> unfit(MysqlServer server, MemberRecord target)
            throws MysqlException {
        // After the target's report: whatever it had then, this server must have now.
        return SwitchoverRules.unfit(target, server.look());
    }

    /**
     * Ends the connections that stand in the way and waits until nothing does.
     *
     * @throws AbandonedException when something remains
     */
    void clear(MysqlServer server, MemberRecord target) throws MysqlException, AbandonedException {
        for (Blocker blocker : server.blockers()) {
            if (blocker.connection() != 0) {
                LOGGER.atWarn().addKeyValue("blocker", blocker).log("killed for a switchover");
                server.kill(blocker.connection());
            }
        }
        Moment until = tools.ticker().now().plus(ROLLBACK);
        while (!server.blockers().isEmpty() && tools.ticker().now().isBefore(until)) {
            tools.pause(LOOK_AGAIN);
        }
        require(server, target);
    }

    /**
     * Goes on only when nothing stands in the way.
     *
     * @throws AbandonedException naming everything that does
     */
    void require(MysqlServer server, MemberRecord target)
            throws MysqlException, AbandonedException {
        List<String> found = new ArrayList<>(obstacles(server, target));
        if (!found.isEmpty()) {
            throw new AbandonedException(said(found));
        }
    }

    /** Obstacles in one line. */
    static String said(List<String> obstacles) {
        return obstacles.stream().collect(Collectors.joining("; "));
    }
}
