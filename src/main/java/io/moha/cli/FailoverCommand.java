package io.moha.cli;

import io.moha.agent.ForcedFailover;
import io.moha.agent.admin.AgentCommands;
import io.moha.agent.observe.Threads;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.EtcdAccess;
import io.moha.agent.store.EtcdClusterStore;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.ClusterKeys;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moha failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Force a primary when there is none and the cluster rightly refuses to choose.",
            "Prints which transactions would be lost, and does nothing without --accept-loss."
        })
final class FailoverCommand implements Callable<Integer> {

    private static final Duration CALL = Duration.ofSeconds(3);
    private static final Duration MEMBER_TTL = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--to",
            paramLabel = "NODE",
            description = "The node to promote (default: the one that has most).")
    private @Nullable String to;

    @Option(
            names = "--accept-loss",
            description = "Do it although the transactions printed without it would be lost.")
    private boolean acceptLoss;

    private final Ticker ticker = Ticker.system();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            ClusterPicture picture = client.read();
            if (to != null && !picture.members().containsKey(to)) {
                throw new Failure("no agent of a node " + to + " runs; moha status shows who does");
            }
            LeaderRecord before = picture.leader() == null ? null : picture.leader().value();
            out.println("Looking for a primary, which takes up to two leases.");
            out.flush();
            AgentCommands.Outcome outcome = order();
            if (!outcome.accepted()) {
                throw new Failure(
                        outcome.message()
                                + (outcome.message().endsWith("not accepted")
                                        ? " (--accept-loss accepts it)"
                                        : ""));
            }
            out.println(outcome.message());
            out.flush();
            out.println(await(client, before) + " is primary.");
            return 0;
        }
    }

    private AgentCommands.Outcome order() throws Failure, InvalidConfigException {
        ClusterOptions.Where where = cluster.where();
        try (ClusterStore store =
                new EtcdClusterStore(
                        ClusterKeys.of(where.etcd().prefix(), where.cluster()),
                        EtcdAccess.of(where.etcd(), CALL),
                        ticker,
                        CALL,
                        MEMBER_TTL)) {
            return new ForcedFailover(store, Threads.system(), WallClock.system(), Requester.name())
                    .order(to, acceptLoss);
        } catch (IOException e) {
            throw new Failure("etcd's certificates cannot be used: " + e.getMessage(), e);
        }
    }

    /** The id of the primary that follows the one, dead or never come, of {@code before}. */
    private String await(ClusterClient client, @Nullable LeaderRecord before) throws Exception {
        // An election that goes on already ends in its own epoch.
        long first =
                before == null
                        ? 0
                        : before.state() == LeaderState.SERVING
                                ? before.epoch() + 1
                                : before.epoch();
        Moment deadline = ticker.now().plus(LIMIT);
        BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
        try (AutoCloseable watch = client.watch(() -> changed.offer(true))) {
            Objects.requireNonNull(watch);
            while (ticker.now().isBefore(deadline)) {
                Stored<LeaderRecord> leader = client.read().leader();
                if (leader != null
                        && leader.value().epoch() >= first
                        && leader.value().state() == LeaderState.SERVING) {
                    return leader.value().holder();
                }
                changed.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        throw new Failure("nobody serves yet; moha why says what the agents wait for");
    }
}
