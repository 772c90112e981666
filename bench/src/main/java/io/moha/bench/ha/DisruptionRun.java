package io.moha.bench.ha;

import io.moha.bench.proc.Await;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Disturbs a cluster under load again and again, and gathers what clients saw. */
final class DisruptionRun {

    private static final Ticker TICKER = Ticker.system();

    private final DemoCluster cluster;
    private final DisruptionOptions options;
    private final Consumer<String> progress;

    /** A run on {@code cluster} that tells {@code progress} what it does. */
    DisruptionRun(DemoCluster cluster, DisruptionOptions options, Consumer<String> progress) {
        this.cluster = cluster;
        this.options = options;
        this.progress = progress;
    }

    /** Disturbs the primary by {@code disturbance} as often as the options say. */
    List<Disruption> run(Consumer<DemoFile.Node> disturbance) {
        List<Disruption> seen = new ArrayList<>();
        Ledger ledger = new Ledger(cluster);
        for (int i = 1; i <= options.runs; i++) {
            cluster.awaitWhole(options.recovery());
            Disruption disruption = once(ledger, disturbance);
            seen.add(disruption);
            progress.accept(
                    "run %d: first write after %d ms, pause %d ms, %d acknowledged, %d lost, errors %s"
                            .formatted(
                                    i,
                                    disruption.toFirstWrite().toMillis(),
                                    disruption.pause().toMillis(),
                                    disruption.acknowledged(),
                                    disruption.lost(),
                                    disruption.errors()));
        }
        return seen;
    }

    private Disruption once(Ledger ledger, Consumer<DemoFile.Node> disturbance) {
        long run = ledger.prepare();
        DemoFile.Node primary = cluster.primary();
        try (WriteLoad load = new WriteLoad(options.plan(cluster, run), options.threads)) {
            Await.pause(options.before());
            Moment disturbed = TICKER.now();
            disturbance.accept(primary);
            Await.pause(options.after());
            Moment stopped = TICKER.now();
            List<WriterRecord> records = load.stop();
            // The old primary is back by now, or it would not count as whole: nothing that it might
            // have kept to itself can hide a loss.
            cluster.awaitWhole(options.recovery());
            return Disruption.of(records, disturbed, stopped, ledger.lost(run, records));
        }
    }
}
