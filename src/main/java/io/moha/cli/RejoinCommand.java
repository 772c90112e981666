package io.moha.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moha rejoin}. */
@Command(
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description = {
            "Bring a quarantined node back.",
            "Not available in this version: a clean node rejoins by itself, a diverged one must be"
                    + " rebuilt by hand."
        })
final class RejoinCommand implements Callable<Integer> {

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "NODE", description = "The node's id.")
    private String node = "";

    @Option(names = "--clone", description = "Replace its data by a copy of another node's.")
    private boolean copy;

    @Override
    public Integer call() throws Exception {
        try (ClusterClient client = cluster.open()) {
            if (!client.read().members().containsKey(node)) {
                throw new Failure("no agent of a node " + node + " runs");
            }
        }
        throw new Failure(
                "not available yet"
                        + (copy ? ", not even with --clone" : "")
                        + ": stop the agent of "
                        + node
                        + ", replace its data directory by a backup of a healthy node, start it"
                        + " again");
    }
}
