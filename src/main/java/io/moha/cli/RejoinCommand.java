package io.moha.cli;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.RejoinRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moha rejoin}: orders a node's agent to bring it back, and tells how that goes. */
@Command(
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description = {
            "Bring a quarantined node back.",
            "A node that has nothing of its own only follows the primary again. One that diverged, or"
                    + " lacks what was purged, becomes a copy of the primary (CLONE); what only it"
                    + " had is first written into its divergenceDir. With rejoin.mode auto, the"
                    + " default, its agent does that without being asked."
        })
final class RejoinCommand implements Callable<Integer> {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "NODE", description = "The node's id.")
    private String node = "";

    @Option(
            names = "--clone",
            description = "Replace its data by a copy of the primary's in any case.")
    private boolean copy;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30m",
            converter = SwitchoverCommand.DurationConverter.class,
            description = "How long to wait for the end (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(30);

    private final Ticker ticker = Ticker.system();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            check(client.read());
            BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
            try (AutoCloseable watch = client.watch(() -> changed.offer(true))) {
                Objects.requireNonNull(watch);
                return follow(client, order(client), changed, out);
            }
        }
    }

    private void check(ClusterPicture picture) throws Failure {
        if (!picture.members().containsKey(node)) {
            throw new Failure(
                    "no agent of a node "
                            + node
                            + " runs; those that do: "
                            + String.join(", ", picture.members().keySet()));
        }
        if (picture.primary() == null) {
            throw new Failure("there is no primary that " + node + " could follow");
        }
        if (node.equals(picture.primary())) {
            throw new Failure(node + " is the primary; moha switchover makes another one primary");
        }
        if (picture.pause() != null) {
            throw new Failure("the cluster is paused, and nodes are left alone; moha resume");
        }
    }

    private RejoinRecord order(ClusterClient client) throws ClusterException, Failure {
        Stored<RejoinRecord> last = client.rejoin(node);
        RejoinRecord order =
                new RejoinRecord(
                        1,
                        UUID.randomUUID().toString(),
                        copy,
                        Requester.name(),
                        WallClock.system().now().toEpochMilli(),
                        RejoinRecord.Phase.REQUESTED,
                        "");
        if (last != null && last.value().phase() == RejoinRecord.Phase.COPYING) {
            throw new Failure(
                    node + " is being copied already, asked by " + last.value().requestedBy());
        }
        long revision = last == null ? 0 : last.revision();
        if (!client.replace(client.keys().rejoin(node), revision, order)) {
            throw new Failure("somebody else asked for it just now; look at moha status");
        }
        return order;
    }

    private int follow(
            ClusterClient client,
            RejoinRecord order,
            BlockingQueue<Boolean> changed,
            PrintWriter out)
            throws ClusterException, Failure, InterruptedException {
        Moment deadline = ticker.now().plus(timeout);
        String told = "";
        while (ticker.now().isBefore(deadline)) {
            Stored<RejoinRecord> stored = client.rejoin(node);
            if (stored == null || !stored.value().id().equals(order.id())) {
                throw new Failure("the order was replaced by another");
            }
            RejoinRecord now = stored.value();
            switch (now.phase()) {
                case DONE -> {
                    out.println(node + " is back: " + now.reason() + ".");
                    return 0;
                }
                case REFUSED -> throw new Failure(node + " was left as it is: " + now.reason());
                case REQUESTED, COPYING, COPIED -> {
                    String line = line(now, client.read());
                    if (!line.equals(told)) {
                        told = line;
                        out.println("  " + line);
                        out.flush();
                    }
                }
            }
            changed.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        throw new Failure("not back within " + timeout.toSeconds() + " s: " + told);
    }

    private String line(RejoinRecord now, ClusterPicture picture) {
        MemberRecord member = picture.members().get(node);
        String said = member == null ? "its agent is not alive" : member.report().reason();
        return now.reason().isEmpty()
                ? node + ": " + said
                : now.reason() + "; " + node + ": " + said;
    }
}
