package io.moha.agent.act;

import io.moha.agent.decide.Decision;
import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.store.Change;
import io.moha.agent.store.CommitOutcome;
import io.moha.agent.store.Versioned;
import io.moha.protocol.base.Moment;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.RejoinRecord;
import io.moha.protocol.cluster.RejoinRecord.Phase;
import io.moha.protocol.cluster.SyncRecord;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a server that diverged, or fell too far behind, a copy of another one. What only it has is
 * written to a file first; if that fails, nothing is thrown away. The server ends with the copy and
 * is started as after any other end. A donor serves one copy at a time and refuses others, which
 * try again later.
 */
public final class Rebuild implements Action {

    private static final Logger LOGGER = LoggerFactory.getLogger(Rebuild.class);

    /** Longer than primaries usually wait for an acker that is away. */
    private static final Duration STRUCK_OFF = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofHours(6);

    private final Tools tools;
    private final Keepsake keepsake;
    private final String host;
    private final int port;
    private final String gtids;
    private @Nullable Versioned<RejoinRecord> order;

    /** The rebuild that was decided. */
    public Rebuild(Tools tools, Keepsake keepsake, Decision.Rebuild decided) {
        this.tools = tools;
        this.keepsake = keepsake;
        this.host = decided.host();
        this.port = decided.port();
        this.gtids = decided.surplus();
        this.order = decided.order();
    }

    @Override
    public String name() {
        return Decision.Rebuild.NAME + " from " + host + ":" + port;
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        if (tools.lease().tenure() != null) {
            throw new AbandonedException("this node leads");
        }
        try {
            // Whom it receives from may by now be a copy of the primary, and lack what it has.
            server.stopReceiver();
            LeaderRecord donor = leader();
            requireDonor(donor.epoch());
            String kept = gtids.isEmpty() ? "" : keep(server).toString();
            tell(Phase.COPYING, "copies " + host + ":" + port);
            LOGGER.atWarn()
                    .addKeyValue("surplus", gtids)
                    .addKeyValue("keptIn", kept)
                    .addKeyValue("donor", host + ":" + port)
                    .log("server is rebuilt");
            awaitStruckOff(donor.epoch());
            copy(server);
            tell(Phase.COPIED, kept.isEmpty() ? "copied" : "copied; the surplus is in " + kept);
        } catch (AbandonedException | MysqlException e) {
            tell(Phase.REFUSED, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void copy(MysqlServer server) throws MysqlException, AbandonedException {
        String uuid = server.look().serverUuid();
        if (!tools.ledger().empties(uuid, server.copy())) {
            throw new AbandonedException("the state file cannot be written");
        }
        long pid = tools.guard().status().pid();
        try {
            server.cloneFrom(host, port, LIMIT);
        } catch (MysqlException e) {
            boolean untouched = tools.ledger().isUntouched(server.copy());
            boolean same = tools.guard().status().pid() == pid;
            if (untouched && same && !tools.ledger().whole(uuid)) {
                LOGGER.warn("this node goes on to count as one without data");
            }
            throw e;
        }
    }

    /**
     * What an acker has, somebody may have been told is safe: the primary first makes sure, by its
     * barrier, that others have it, or records that it goes on alone.
     */
    private void awaitStruckOff(long epoch) throws AbandonedException {
        Moment until = tools.ticker().now().plus(STRUCK_OFF);
        while (true) {
            requireDonor(epoch);
            SyncRecord sync = tools.snapshot().syncRecord();
            if (sync == null) {
                throw new AbandonedException("the sync record is gone");
            }
            if (!sync.ackers().contains(tools.self().id())) {
                return;
            }
            if (!tools.ticker().now().isBefore(until)) {
                throw new AbandonedException(
                        "the primary still counts on its acknowledgements, and has no others");
            }
            tools.pause(LOOK_AGAIN);
        }
    }

    /** What was decided is to copy from the primary, and not from whoever was that once. */
    private void requireDonor(long epoch) throws AbandonedException {
        LeaderRecord now = leader();
        if (now.epoch() != epoch || !now.address().equals(host + ":" + port)) {
            throw new AbandonedException("another primary leads by now");
        }
    }

    private LeaderRecord leader() throws AbandonedException {
        LeaderRecord leader = tools.snapshot().leaderRecord();
        if (leader == null || !isDonor(leader.state())) {
            throw new AbandonedException("nobody serves");
        }
        return leader;
    }

    /** One that is being promoted may need this node to be able to serve, and has everything. */
    private boolean isDonor(LeaderState state) {
        return state == LeaderState.SERVING
                || (state == LeaderState.PROMOTING && tools.ledger().state().isGutted());
    }

    private Path keep(MysqlServer server) throws MysqlException, AbandonedException {
        Surplus surplus =
                Surplus.judge(
                        gtids,
                        tools.self().id(),
                        server.look().serverUuid(),
                        tools.ledger().state().lead(),
                        tools.snapshot().lastChange());
        // Only what a client may have been told is a loss that people must hear of.
        (surplus.neverAcknowledged() ? LOGGER.atInfo() : LOGGER.atError())
                .addKeyValue("gtids", gtids)
                .addKeyValue("verdict", surplus.verdict())
                .log("this server has what the primary lacks");
        String name = tools.self().id() + "-" + tools.wall().now().toEpochMilli();
        return keepsake.keep(name, gtids, surplus.verdict(), server.binaryLogs());
    }

    private void tell(Phase phase, String reason) {
        Versioned<RejoinRecord> present = order;
        if (present != null) {
            order = answer(tools, present, phase, reason);
        }
    }

    /** Answers {@code order}; gives it as it stands then. Written over, it stays as it is. */
    public static Versioned<RejoinRecord> answer(
            Tools tools, Versioned<RejoinRecord> order, Phase phase, String reason) {
        RejoinRecord next = order.value().in(phase, reason);
        Change change =
                Change.empty()
                        .replace(
                                tools.store().keys().rejoin(tools.self().id()),
                                order.revision(),
                                next);
        CommitOutcome outcome = tools.store().commit(change);
        tools.feed().poke();
        return outcome instanceof CommitOutcome.Done(long revision)
                ? new Versioned<>(next, revision)
                : order;
    }
}
