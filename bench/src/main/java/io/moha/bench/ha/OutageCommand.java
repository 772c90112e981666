package io.moha.bench.ha;

import io.moha.bench.proc.Await;
import io.moha.bench.proc.Http;
import io.moha.bench.report.PublishOptions;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes the store away from a healthy cluster under a write load, and brings it back. */
@Command(
        name = "outage",
        mixinStandardHelpOptions = true,
        description = "All of etcd away for a minute under load: failed writes, pause.")
public final class OutageCommand implements Callable<Integer> {

    private static final Ticker TICKER = Ticker.system();
    private static final Duration POLL = Duration.ofMillis(20);

    /** How the store goes away. */
    enum How {
        /** SIGSTOP, then SIGCONT: nothing answers, connections stay. */
        STOP,
        /** SIGKILL, again whenever the demo starts it again: connections are refused. */
        KILL
    }

    @Mixin private DisruptionOptions options = new DisruptionOptions();

    @Mixin private PublishOptions publish = new PublishOptions();

    @Option(
            names = "--how",
            defaultValue = "stop",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private How how = How.STOP;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "how long, at least; default ${DEFAULT-VALUE}")
    private int seconds = 60;

    private final List<Duration> away = new ArrayList<>();

    /** Gives 1 when a write failed or is lost, or the primary is another one than before. */
    @Override
    public Integer call() {
        DemoCluster cluster = new DemoCluster(options.demo);
        cluster.awaitWhole(options.recovery());
        String before = cluster.primary().id();
        List<Disruption> runs;
        try (StoppedProcesses stopped = new StoppedProcesses()) {
            runs =
                    new DisruptionRun(cluster, options, publish::out)
                            .run(primary -> () -> takeAway(cluster, stopped));
        }
        String after = cluster.primary().id();
        DisruptionTable table = new DisruptionTable(runs);
        publish.publish(
                how == How.STOP ? "outage-stop" : "outage-kill",
                "Total outage of the store (%s)"
                        .formatted(how == How.STOP ? "SIGSTOP, SIGCONT" : "SIGKILL"),
                "%s; %d etcd".formatted(options.describe(cluster), cluster.file().etcd().size()),
                table.header()
                        + DisruptionTable.row("the store was away for", away)
                        + table.pauses()
                        + "\nFailed writes: %d. The primary %s.\n"
                                .formatted(
                                        table.errorCount(),
                                        before.equals(after) ? "stayed" : "changed")
                        + table.outcome());
        boolean unharmed = table.errorCount() == 0 && before.equals(after);
        return unharmed ? DisruptionTable.exitCode(runs) : 1;
    }

    private void takeAway(DemoCluster cluster, StoppedProcesses stopped) {
        Moment began = TICKER.now();
        Duration length = Duration.ofSeconds(seconds);
        if (how == How.STOP) {
            stopped.stop(alive(cluster));
            Await.pause(length);
            stopped.resume();
        } else {
            // The demo starts what ended again, as a service manager does, so it has to die often.
            Moment end = began.plus(length);
            while (TICKER.now().isBefore(end)) {
                List<Long> alive = alive(cluster);
                if (!alive.isEmpty()) {
                    Signals.send("KILL", alive);
                }
                Await.pause(POLL);
            }
        }
        Await.until("etcd to answer", options.recovery(), POLL, () -> answers(cluster));
        away.add(TICKER.now().since(began));
    }

    private static List<Long> alive(DemoCluster cluster) {
        return cluster.file().etcd().stream()
                .map(etcd -> cluster.pid(etcd.pidFile()))
                .filter(OutageCommand::isEtcd)
                .toList();
    }

    /** The pid file outlives its process, whose number may be another program's by now. */
    private static boolean isEtcd(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/etcd"))
                .isPresent();
    }

    private static boolean answers(DemoCluster cluster) {
        return cluster.file().etcd().stream()
                .allMatch(
                        etcd -> Http.answersOk(URI.create("http://" + etcd.client() + "/health")));
    }
}
