package io.moha.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code moha failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = {
            "Force a primary when there is none and the cluster rightly refuses to choose.",
            "Not available in this version: it refuses."
        })
final class FailoverCommand implements Callable<Integer> {

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--to", paramLabel = "NODE", description = "The node to promote.")
    private @Nullable String to;

    @Option(
            names = "--accept-loss",
            description = "Do it although the transactions printed without it would be lost.")
    private boolean acceptLoss;

    @Override
    public Integer call() throws Exception {
        try (ClusterClient client = cluster.open()) {
            String primary = client.read().primary();
            if (primary != null) {
                throw new Failure(
                        primary + " is primary: use moha switchover to change it without loss");
            }
        }
        String wanted = to == null ? "" : " (asked for " + to + ")";
        throw new Failure(
                "not available yet"
                        + wanted
                        + (acceptLoss ? ", not even with --accept-loss" : "")
                        + ": bring back a node that holds the last transactions (moha why"
                        + " says which), and the cluster elects by itself");
    }
}
