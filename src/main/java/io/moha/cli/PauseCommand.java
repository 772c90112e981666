package io.moha.cli;

import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.PauseRecord;
import io.moha.protocol.config.InvalidConfigException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moha pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = {
            "Maintenance mode: leases are still renewed, but nobody is elected.",
            "A planned switchover still works. End it with: moha resume"
        })
final class PauseCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Failure, ClusterException, InvalidConfigException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            PauseRecord pause =
                    new PauseRecord(1, Requester.name(), WallClock.system().now().toEpochMilli());
            boolean done = client.replace(client.keys().pause(), 0, pause);
            out.println(
                    done
                            ? "Paused: no automatic failover until moha resume."
                            : "The cluster is paused already.");
            return 0;
        }
    }
}
