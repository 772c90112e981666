package io.moha.bench.ha;

import io.moha.bench.proc.BenchException;
import io.moha.bench.report.PublishOptions;
import java.io.IOException;
import java.nio.file.Path;
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

    /** Gives 1 when an acknowledged write is lost. */
    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(options.demo);
        List<Disruption> runs =
                new DisruptionRun(cluster, options, publish::out)
                        .run(primary -> switchOver(primary.config()));
        publish.publish(
                "switchover",
                "Planned switchover",
                options.describe(cluster),
                new DisruptionTable(runs).markdown());
        return runs.stream().allMatch(run -> run.lost() == 0) ? 0 : 1;
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
