package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts.SemiSyncFacts;
import io.moha.protocol.base.Moment;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the ackers connect anew, for one that is gone without a word counts as connected until TCP
 * gives it up. Whose acknowledgements count stays as it is: those who may come back do so at once,
 * and if they are too few, the rules for that apply from then on.
 */
public final class Reconnect implements Action {

    private static final Logger LOGGER = LoggerFactory.getLogger(Reconnect.class);
    private static final Duration RETURN = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Tools tools;
    private final long epoch;
    private final Runnable onDropped;

    /**
     * The primary of {@code epoch} gives its ackers a new start.
     *
     * @param onDropped told when their connections have ended, on the runner's thread
     */
    public Reconnect(Tools tools, long epoch, Runnable onDropped) {
        this.tools = tools;
        this.epoch = epoch;
        this.onDropped = onDropped;
    }

    @Override
    public String name() {
        return "reconnect";
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        tools.requireTenure(epoch);
        server.dropAckers();
        onDropped.run();
        Moment until = tools.ticker().now().plus(RETURN);
        SemiSyncFacts seen = server.semiSync();
        while (seen.clients() < seen.waitCount() && tools.ticker().now().isBefore(until)) {
            tools.pause(LOOK_AGAIN);
            tools.requireTenure(epoch);
            seen = server.semiSync();
        }
        boolean freed = false;
        if (seen.clients() >= seen.waitCount()) {
            // Who received a commit before it connected anew acknowledges it only together with a
            // later one.
            freed = server.commitHeartbeat(epoch, BEAT);
        }
        tools.look(server);
        LOGGER.atInfo()
                .addKeyValue("epoch", epoch)
                .addKeyValue("ackers", seen.clients())
                .addKeyValue("freed", freed)
                .log("ackers were made to connect anew");
    }
}
