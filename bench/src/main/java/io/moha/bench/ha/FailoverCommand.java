package io.moha.bench.ha;

import io.moha.bench.load.Sysbench;
import io.moha.bench.proc.Await;
import io.moha.bench.report.PublishOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes the primary of a running demo away under a write load, and reports what clients saw. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = "Loss of the primary under load: pause, losses, errors.")
public final class FailoverCommand implements Callable<Integer> {

    @Mixin private DisruptionOptions options = new DisruptionOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--kill",
            defaultValue = "mysqld",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Victim victim = Victim.MYSQLD;

    @Option(
            names = "--stopped",
            defaultValue = "30",
            description =
                    "seconds from SIGSTOP to SIGCONT, of freeze and agent-pause; default ${DEFAULT-VALUE}")
    private int secondsStopped = 30;

    @Mixin private BackgroundOptions background = new BackgroundOptions();

    /** Gives 1 when an acknowledged write is lost, or two servers acknowledged at once. */
    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(options.demo);
        List<Disruption> runs = new ArrayList<>();
        List<ProbeReport> probes = new ArrayList<>();
        try (StoppedProcesses stopped = new StoppedProcesses()) {
            background.publish(
                    cluster,
                    publish,
                    "failover-" + victim,
                    victim.title(),
                    describe(cluster),
                    Sysbench.Statements.PLAIN,
                    () ->
                            victim.goesOn()
                                    ? watched(cluster, stopped, runs, probes)
                                    : plain(cluster, stopped, runs));
        }
        boolean good = probes.stream().allMatch(FailoverCommand::isGood);
        return good ? DisruptionTable.exitCode(runs) : 1;
    }

    private static boolean isGood(ProbeReport probes) {
        return probes.second().isEmpty() && probes.lost() == 0;
    }

    private String describe(DemoCluster cluster) {
        String load = options.describe(cluster);
        return victim.goesOn()
                ? "%s; %d s from SIGSTOP to SIGCONT".formatted(load, secondsStopped)
                : load;
    }

    private String plain(DemoCluster cluster, StoppedProcesses stopped, List<Disruption> runs) {
        runs.addAll(
                new DisruptionRun(cluster, options, publish::out)
                        .run(primary -> strike(new NodeProcesses(cluster, primary), stopped)));
        return new DisruptionTable(runs).markdown();
    }

    /** Also writes to every server past the proxy all the time. */
    private String watched(
            DemoCluster cluster,
            StoppedProcesses stopped,
            List<Disruption> runs,
            List<ProbeReport> probes) {
        cluster.awaitWhole(options.recovery());
        try (Prober prober = new Prober(cluster)) {
            runs.addAll(
                    new DisruptionRun(cluster, options, publish::out)
                            .run(primary -> strikeForAWhile(cluster, primary, prober, stopped)));
            ProbeReport report = prober.stop();
            probes.add(report);
            report.second().forEach(publish::out);
            return new DisruptionTable(runs).markdown() + report.markdown();
        }
    }

    private Runnable strikeForAWhile(
            DemoCluster cluster, DemoFile.Node primary, Prober prober, StoppedProcesses stopped) {
        Runnable strike = strike(new NodeProcesses(cluster, primary), stopped);
        return () -> {
            strike.run();
            prober.mark(primary);
            Await.pause(Duration.ofSeconds(secondsStopped));
            stopped.resume();
        };
    }

    private Runnable strike(NodeProcesses processes, StoppedProcesses stopped) {
        List<Long> pids =
                switch (victim) {
                    case MYSQLD, HANG -> List.of(processes.server());
                    case PAIR -> List.of(processes.server(), processes.agent());
                    case HOST, FREEZE -> processes.host();
                    case AGENT_PAUSE -> List.of(processes.agent());
                };
        return switch (victim) {
            case MYSQLD, PAIR, HOST -> () -> Signals.send("KILL", pids);
            // Killing what hangs is moha's part; it goes on at the end if moha did not.
            case HANG, FREEZE, AGENT_PAUSE -> () -> stopped.stop(pids);
        };
    }
}
