package io.moha.bench.ha;

import io.moha.bench.report.PublishOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Kills the primary of a running demo under a write load, and reports what clients saw. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = "kill -9 of the primary under load: pause, losses, errors.")
public final class FailoverCommand implements Callable<Integer> {

    /** What dies. */
    enum Victim {
        /** mysqld alone. */
        MYSQLD,
        /** mysqld, its guard and its agent, at once. */
        HOST
    }

    @Mixin private DisruptionOptions options = new DisruptionOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--kill",
            defaultValue = "mysqld",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Victim victim = Victim.MYSQLD;

    /** Gives 1 when an acknowledged write is lost. */
    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(options.demo);
        List<Disruption> runs =
                new DisruptionRun(cluster, options, publish::out)
                        .run(primary -> kill(new NodeProcesses(cluster, primary)));
        DisruptionTable table = new DisruptionTable(runs);
        publish.publish(
                victim == Victim.HOST ? "failover-host" : "failover-mysqld",
                victim == Victim.HOST
                        ? "Loss of the primary's host"
                        : "kill -9 of the primary's mysqld",
                options.describe(cluster),
                table.markdown());
        return DisruptionTable.exitCode(runs);
    }

    private void kill(NodeProcesses processes) {
        switch (victim) {
            case MYSQLD -> processes.killServer();
            case HOST -> processes.killHost();
        }
    }
}
