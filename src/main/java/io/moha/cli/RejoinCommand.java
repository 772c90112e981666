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
            "Asking for it is not available in this version. With rejoin.mode auto, the default, an"
                    + " agent rebuilds a diverged node by itself (CLONE) and keeps what only it"
                    + " had; a clean node rejoins in any case."
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
                        + ": with rejoin.mode auto the agent of "
                        + node
                        + " rebuilds it by itself; with manual, stop that agent, replace the data"
                        + " directory by a backup of a healthy node, and start it again");
    }
}
