package io.moha.bench.ha;

import io.moha.bench.load.Sysbench;
import io.moha.bench.proc.BenchException;
import io.moha.bench.report.PublishOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Switches a running demo over under a write load, and reports what clients saw. */
@Command(
        name = "switchover",
        mixinStandardHelpOptions = true,
        description = "Planned switchover under load: pause, losses, errors.")
public final class SwitchoverCommand implements Callable<Integer> {

    @Mixin private DisruptionOptions options = new DisruptionOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--moha",
            defaultValue = "./moha",
            description = "the launcher; default ${DEFAULT-VALUE}")
    private Path launcher = Path.of("./moha");

    @Mixin private BackgroundOptions background = new BackgroundOptions();

    /** Gives 1 when an acknowledged write is lost. */
    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(options.demo);
        List<Disruption> runs = new ArrayList<>();
        background.publish(
                cluster,
                publish,
                "switchover",
                "Planned switchover",
                options.describe(cluster),
                Sysbench.Statements.PREPARED,
                () -> {
                    runs.addAll(run(cluster));
                    return new DisruptionTable(runs).markdown();
                });
        return DisruptionTable.exitCode(runs);
    }

    private List<Disruption> run(DemoCluster cluster) {
        return new DisruptionRun(cluster, options, publish::out)
                .run(primary -> () -> switchOver(primary.config()));
    }

    private void switchOver(String config) {
        String program = launcher.toAbsolutePath().toString();
        try {
            int status =
                    new ProcessBuilder(program, "switchover", "--config", config)
                            .inheritIO()
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new BenchException("the switchover gave " + status);
            }
        } catch (IOException e) {
            throw new BenchException("cannot start " + program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
