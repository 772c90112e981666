package io.moha.bench.ha;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of every measurement that disturbs a running cluster. */
final class DisruptionOptions {

    @Option(
            names = "--demo",
            defaultValue = ".moha-demo/demo.json",
            description = "what the running demo wrote; default ${DEFAULT-VALUE}")
    Path demo = Path.of(".moha-demo/demo.json");

    @Option(names = "--runs", defaultValue = "10", description = "default ${DEFAULT-VALUE}")
    int runs = 10;

    @Option(
            names = "--threads",
            defaultValue = "8",
            description = "clients that write; default ${DEFAULT-VALUE}")
    int threads = 8;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "writes a second of all clients together; 0 for as fast as possible")
    double rate;

    @Option(
            names = "--shape",
            defaultValue = "prepared",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    WriteShape shape = WriteShape.PREPARED;

    @Option(
            names = "--before",
            defaultValue = "3",
            description = "seconds of load before the disturbance; default ${DEFAULT-VALUE}")
    int secondsBefore = 3;

    @Option(
            names = "--after",
            defaultValue = "12",
            description = "seconds of load after it; default ${DEFAULT-VALUE}")
    int secondsAfter = 12;

    @Option(
            names = "--recovery",
            defaultValue = "120",
            description = "seconds the cluster has to become whole again; default ${DEFAULT-VALUE}")
    int recoverySeconds = 120;

    /** Load before the disturbance. */
    Duration before() {
        return Duration.ofSeconds(secondsBefore);
    }

    /** Load after the disturbance. */
    Duration after() {
        return Duration.ofSeconds(secondsAfter);
    }

    /** How long the cluster may take to be whole. */
    Duration recovery() {
        return Duration.ofSeconds(recoverySeconds);
    }

    /** What each writer of run {@code run} does. */
    WritePlan plan(DemoCluster cluster, long run) {
        DemoFile.Account app = cluster.file().accounts().app();
        Duration interval =
                rate == 0 ? Duration.ZERO : Duration.ofNanos((long) (threads / rate * 1e9));
        return new WritePlan(
                run,
                cluster.writeUrl(shape.driverOptions()),
                app.user(),
                app.password(),
                shape,
                interval);
    }

    /** What was disturbed and under which load, in one line. */
    String describe(DemoCluster cluster) {
        return "%d nodes, %d proxies; %d clients, %s, %s; %d s of load before and %d s after"
                .formatted(
                        cluster.file().nodes().size(),
                        cluster.file().proxies().size(),
                        threads,
                        shape.name().toLowerCase(Locale.ROOT),
                        rate == 0 ? "as fast as they can" : rate + " writes a second",
                        secondsBefore,
                        secondsAfter);
    }
}
