package io.moha.bench.ha;

import io.moha.bench.load.Median;
import io.moha.bench.load.Sysbench;
import io.moha.bench.load.Workload;
import io.moha.bench.proc.Await;
import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.PublishOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the throughput of a demo's primary with that of the same servers without moha. */
@Command(
        name = "steady",
        mixinStandardHelpOptions = true,
        description = "What agents cost while nothing happens: throughput, writes to the store.")
public final class SteadyCommand implements Callable<Integer> {

    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Mixin private PublishOptions publish = new PublishOptions();

    @Mixin private SysbenchOptions sysbench = new SysbenchOptions();

    @Option(
            names = "--demo",
            defaultValue = ".moha-demo/demo.json",
            description = "what the running demo wrote; default ${DEFAULT-VALUE}")
    private Path demo = Path.of(".moha-demo/demo.json");

    @Option(
            names = "--base-port",
            defaultValue = "24100",
            description = "first of 20 free ports; default ${DEFAULT-VALUE}")
    private int basePort = 24100;

    @Option(names = "--rounds", defaultValue = "7", description = "default ${DEFAULT-VALUE}")
    private int rounds = 7;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "of one measurement; default ${DEFAULT-VALUE}")
    private int seconds = 20;

    @Option(
            names = "--idle",
            defaultValue = "60",
            description = "seconds the store is watched while idle; default ${DEFAULT-VALUE}")
    private int idleSeconds = 60;

    private final List<Double> managed = new ArrayList<>();
    private final List<Double> plain = new ArrayList<>();
    private final List<Rate> loaded = new ArrayList<>();

    /**
     * Writes to the store.
     *
     * @param puts keys written a second
     * @param proposals entries of its log a second
     */
    private record Rate(double puts, double proposals) {}

    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(demo);
        cluster.awaitWhole(RECOVERY);
        try (ProcessStack processes = sysbench.processes();
                StoppedProcesses stopped = new StoppedProcesses()) {
            Rate idle = watchStore(cluster, () -> Await.pause(Duration.ofSeconds(idleSeconds)));
            publish.out("etcd idle: %.2f keys written a second".formatted(idle.puts()));
            Sysbench client = sysbench.prepared(processes, cluster);
            PlainTrio trio = PlainTrio.start(processes, cluster, basePort);
            client.prepare(trio.port());
            for (int round = 1; round <= rounds; round++) {
                // Each has the first turn every other round.
                if (round % 2 == 1) {
                    measureManaged(cluster, trio, client, stopped);
                    measurePlain(cluster, trio, client, stopped);
                } else {
                    measurePlain(cluster, trio, client, stopped);
                    measureManaged(cluster, trio, client, stopped);
                }
                publish.out(
                        "round %d: %.0f transactions a second with agents, %.0f without"
                                .formatted(round, managed.getLast(), plain.getLast()));
            }
            publish.publish("steady", "Steady cost of the agents", describe(), table(idle));
        }
        return 0;
    }

    private void measureManaged(
            DemoCluster cluster, PlainTrio trio, Sysbench client, StoppedProcesses stopped) {
        stopped.stop(trio.pids());
        int port = cluster.primary().mysqlPort();
        client.run(Workload.WRITE_ONLY, port, sysbench.threads, WARM_UP);
        loaded.add(watchStore(cluster, () -> managed.add(throughput(client, port))));
        stopped.resume();
        trio.awaitReplicas();
    }

    private void measurePlain(
            DemoCluster cluster, PlainTrio trio, Sysbench client, StoppedProcesses stopped) {
        stopped.stop(processesOf(cluster));
        client.run(Workload.WRITE_ONLY, trio.port(), sysbench.threads, WARM_UP);
        plain.add(throughput(client, trio.port()));
        trio.awaitReplicas();
        stopped.resume();
        // The lease ran out meanwhile, so that another primary is elected now.
        Await.pause(SETTLE);
        cluster.awaitWhole(RECOVERY);
    }

    private double throughput(Sysbench client, int port) {
        return client.run(Workload.WRITE_ONLY, port, sysbench.threads, Duration.ofSeconds(seconds))
                .eventsPerSecond();
    }

    private static Rate watchStore(DemoCluster cluster, Runnable meanwhile) {
        EtcdCounters before = EtcdCounters.now(cluster);
        meanwhile.run();
        EtcdCounters after = EtcdCounters.now(cluster);
        return new Rate(after.putsPerSecond(before), after.proposalsPerSecond(before));
    }

    /** All of the demo but the process that started it: servers before their guards. */
    private static List<Long> processesOf(DemoCluster cluster) {
        Stream<Long> nodes =
                cluster.file().nodes().stream()
                        .flatMap(node -> new NodeProcesses(cluster, node).host().stream());
        Stream<Long> proxies =
                cluster.file().proxies().stream().map(proxy -> cluster.pid(proxy.pidFile()));
        Stream<Long> etcd =
                cluster.file().etcd().stream().map(server -> cluster.pid(server.pidFile()));
        return Stream.of(nodes, proxies, etcd).flatMap(all -> all).toList();
    }

    private String describe() {
        return ("sysbench oltp_write_only, prepared, %d threads, %d rows, directly to the primary's port;"
                        + " %d alternating rounds of %d s\n"
                        + "- without agents: servers of their own, started with the option files and"
                        + " command lines of the demo's and set up with the same semi-sync and TLS; all of"
                        + " the demo stands still (SIGSTOP) while they are measured, and they while"
                        + " it is")
                .formatted(sysbench.threads, sysbench.rows, rounds, seconds);
    }

    private String table(Rate idle) {
        double with = Median.of(managed, Double::doubleValue);
        double without = Median.of(plain, Double::doubleValue);
        return String.format(
                Locale.ROOT,
                """

                | median of %d rounds | transactions a second |
                |---|---:|
                | with agents and guards | %.1f |
                | without | %.1f |
                | ratio of the medians | %.3f |

                | store | keys written a second | entries of etcd's log a second |
                |---|---:|---:|
                | idle | %.2f | %.2f |
                | under load, median | %.2f | %.2f |
                """,
                managed.size(),
                with,
                without,
                with / without,
                idle.puts(),
                idle.proposals(),
                Median.of(loaded, Rate::puts),
                Median.of(loaded, Rate::proposals));
    }
}
