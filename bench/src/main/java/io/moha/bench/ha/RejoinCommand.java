package io.moha.bench.ha;

import io.moha.bench.proc.Await;
import io.moha.bench.report.PublishOptions;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kills the primary's mysqld under a write load, and waits until it acknowledges as a replica. */
@Command(
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description = "kill -9 of the primary under load: until it is an acker again.")
public final class RejoinCommand implements Callable<Integer> {

    private static final Ticker TICKER = Ticker.system();
    private static final Duration POLL = Duration.ofMillis(50);

    @Mixin private DisruptionOptions options = new DisruptionOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--gib",
            defaultValue = "1",
            description = "data in the cluster, in GiB; default ${DEFAULT-VALUE}")
    private double gibibytes = 1;

    private final List<Duration> back = new ArrayList<>();
    private int rebuilt;

    /** Gives 1 when an acknowledged write is lost. */
    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(options.demo);
        cluster.awaitWhole(options.recovery());
        publish.out("filling the cluster");
        Filler.fill(cluster, gibibytes);
        List<Disruption> runs =
                new DisruptionRun(cluster, options, publish::out)
                        .run(primary -> killAndAwait(cluster, primary));
        DisruptionTable table = new DisruptionTable(runs);
        publish.publish(
                "rejoin",
                "A killed primary comes back as an acker",
                String.format(
                        Locale.ROOT, "%s; %.1f GiB of data", options.describe(cluster), gibibytes),
                table.header()
                        + DisruptionTable.row("from kill -9 until it is an acker again", back)
                        + table.pauses()
                        + "\nRebuilt by CLONE: %d of %d.\n".formatted(rebuilt, runs.size())
                        + table.outcome());
        return DisruptionTable.exitCode(runs);
    }

    private Runnable killAndAwait(DemoCluster cluster, DemoFile.Node node) {
        String clonedBefore = lastClone(cluster, node);
        List<Long> victim = List.of(new NodeProcesses(cluster, node).server());
        return () -> {
            Moment killed = TICKER.now();
            Signals.send("KILL", victim);
            awaitAcker(cluster, node, killed, clonedBefore);
        };
    }

    private void awaitAcker(
            DemoCluster cluster, DemoFile.Node node, Moment killed, String clonedBefore) {
        Await.until(
                node.id() + " to be an acker again",
                options.recovery(),
                POLL,
                () -> cluster.isAcker(node));
        Duration took = TICKER.now().since(killed);
        back.add(took);
        boolean cloned = !lastClone(cluster, node).equals(clonedBefore);
        rebuilt += cloned ? 1 : 0;
        publish.out(
                "%s is an acker again after %d ms%s"
                        .formatted(node.id(), took.toMillis(), cloned ? ", by CLONE" : ""));
    }

    /** When a CLONE into {@code node} began last; empty when none ever did. */
    private static String lastClone(DemoCluster cluster, DemoFile.Node node) {
        try (Connection connection = cluster.connect(node);
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT COALESCE(MAX(BEGIN_TIME), '')"
                                        + " FROM performance_schema.clone_status")) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            // The table comes with the plugin, which is loaded when it is needed first.
            return "";
        }
    }
}
