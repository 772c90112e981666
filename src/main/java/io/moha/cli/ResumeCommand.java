package io.moha.cli;

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

/** {@code moha resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "End maintenance mode: failover is automatic again.")
final class ResumeCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Failure, ClusterException, InvalidConfigException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            Stored<PauseRecord> pause = client.read().pause();
            boolean was =
                    pause != null && client.replace(client.keys().pause(), pause.revision(), null);
            out.println(
                    was ? "Resumed: failover is automatic again." : "The cluster is not paused.");
            return 0;
        }
    }
}
