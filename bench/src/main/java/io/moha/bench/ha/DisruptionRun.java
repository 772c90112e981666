package io.moha.bench.ha;

import io.moha.bench.proc.Await;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

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

    /**
     * Disturbs the primary as often as the options say.
     *
     * @param disturbance is given the primary before the load begins, so that whatever takes time
     *     to find out does not count, and gives what disturbs it
     */
    List<Disruption> run(Function<DemoFile.Node, Runnable> disturbance) {
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

    private Disruption once(Ledger ledger, Function<DemoFile.Node, Runnable> disturbance) {
        long run = ledger.prepare();
        Runnable disturb = disturbance.apply(cluster.primary());
        try (WriteLoad load = new WriteLoad(options.plan(cluster, run), options.threads)) {
            Await.pause(options.before());
            Moment disturbed = TICKER.now();
            disturb.run();
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
