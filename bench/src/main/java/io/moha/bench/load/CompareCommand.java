package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import io.moha.bench.proc.ProcessStack;
import io.moha.bench.report.PublishOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures direct, HAProxy, the bare relay and the proxy with the same sysbench work. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Throughput, latency and CPU time of the ways to a server, as ratios.")
public final class CompareCommand implements Callable<Integer> {

    private static final int TABLE_SIZE = 100_000;

    @Mixin private FixtureOptions fixture = new FixtureOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "direct,haproxy,relay,moha",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private List<PeerKind> peers = List.of();

    @Option(
            names = "--variant",
            description =
                    "one more peer: NAME=KIND OPTION..., such as 'pooled=relay --allocator pooled'")
    private List<String> variants = List.of();

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "point_text,point_prepared,read_only,write_only,read_write,rows_10k",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private List<Workload> workloads = List.of();

    @Option(
            names = "--threads",
            split = ",",
            defaultValue = "1,16,64",
            description = "numbers of connections; default ${DEFAULT-VALUE}")
    private List<Integer> threads = List.of();

    @Option(names = "--rounds", defaultValue = "3", description = "default ${DEFAULT-VALUE}")
    private int rounds = 3;

    @Option(
            names = "--seconds",
            defaultValue = "8",
            description = "of one measurement; default ${DEFAULT-VALUE}")
    private int seconds = 8;

    @Option(
            names = "--warmup",
            defaultValue = "10",
            description =
                    "seconds each JVM does each workload beforehand; default ${DEFAULT-VALUE}")
    private int warmUp = 10;

    @Override
    public Integer call() {
        ComparisonPlan plan =
                new ComparisonPlan(
                        workloads,
                        threads,
                        rounds,
                        Duration.ofSeconds(seconds),
                        Duration.ofSeconds(warmUp));
        try (ProcessStack processes = fixture.processes()) {
            MysqlFixture mysql = fixture.startMysql(processes);
            Sysbench sysbench = new Sysbench(processes, MysqlFixture.ACCOUNT, TABLE_SIZE);
            fillTable(mysql, sysbench);
            List<Peer> started = fixture.peerStarter(processes, mysql).start(specs());
            List<Sample> samples = new Comparison(plan, started, sysbench, publish::out).run();
            ComparisonTable table = new ComparisonTable(samples);
            writeSamples(processes.directory().resolve("samples.csv"), table.csv());
            publish.publish(
                    "compare", "Comparison", fixture.versions(), describe(plan) + table.markdown());
        }
        return 0;
    }

    private List<PeerSpec> specs() {
        return Stream.concat(
                        peers.stream().map(PeerSpec::plain),
                        variants.stream().map(PeerSpec::variant))
                .toList();
    }

    private static void fillTable(MysqlFixture mysql, Sysbench sysbench) {
        long tables =
                mysql.number(
                        "SELECT COUNT(*) FROM information_schema.tables"
                                + " WHERE table_schema = 'sbtest' AND table_name = 'sbtest1'");
        if (tables == 0) {
            sysbench.prepare(mysql.port());
        }
    }

    private String describe(ComparisonPlan plan) {
        return """
        - medians of %d interleaved rounds of %d s each; ratios are taken within a round, then the median
        - one table of %d rows; latency is that of a sysbench event (a transaction in the oltp workloads)
        - %s

        """
                .formatted(
                        plan.rounds(),
                        plan.duration().toSeconds(),
                        TABLE_SIZE,
                        fixture.core < 0
                                ? "no binding to cores"
                                : "server, proxies and clients bound to one core together");
    }

    private static void writeSamples(Path file, String csv) {
        try {
            Files.writeString(file, csv);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file, e);
        }
    }
}
