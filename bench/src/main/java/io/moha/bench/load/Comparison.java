package io.moha.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends every workload through every peer, round after round. The peers take turns within a round,
 * and each round begins with another one, so that what else the machine does hits all alike.
 */
final class Comparison {

    private static final int WARM_UP_THREADS = 16;

    private final ComparisonPlan plan;
    private final List<Peer> peers;
    private final Sysbench sysbench;
    private final Consumer<String> progress;

    /** A comparison of {@code peers} that tells {@code progress} what it does. */
    Comparison(
            ComparisonPlan plan, List<Peer> peers, Sysbench sysbench, Consumer<String> progress) {
        this.plan = plan;
        this.peers = peers;
        this.sysbench = sysbench;
        this.progress = progress;
    }

    /** Runs all rounds. */
    List<Sample> run() {
        List<Sample> samples = new ArrayList<>();
        for (Workload workload : plan.workloads()) {
            warmUp(workload);
            for (int threads : plan.threads()) {
                for (int round = 0; round < plan.rounds(); round++) {
                    samples.addAll(round(workload, threads, round));
                }
            }
        }
        return samples;
    }

    private void warmUp(Workload workload) {
        if (plan.warmUp().isZero()) {
            return;
        }
        for (Peer peer : suited(workload)) {
            if (peer.kind().jvm()) {
                progress.accept("warm-up: " + workload.title() + ", " + peer.name());
                sysbench.run(workload, peer.port(), WARM_UP_THREADS, plan.warmUp());
            }
        }
    }

    private List<Sample> round(Workload workload, int threads, int round) {
        List<Peer> order = new ArrayList<>(suited(workload));
        Collections.rotate(order, -round);
        List<Sample> samples = new ArrayList<>();
        for (Peer peer : order) {
            samples.add(measure(new Sample.Key(workload, threads, peer.name()), round, peer));
        }
        return samples;
    }

    private Sample measure(Sample.Key key, int round, Peer peer) {
        Workload workload = key.workload();
        Duration before = peer.cpu();
        SysbenchReport report = sysbench.run(workload, peer.port(), key.threads(), plan.duration());
        double cpuMicros = peer.cpu().minus(before).toNanos() / 1e3;
        long units = workload.unit().equals("query") ? report.queries() : report.events();
        Sample sample =
                new Sample(
                        key,
                        round,
                        units / report.seconds(),
                        report.percentile(0.50),
                        report.percentile(0.95),
                        report.percentile(0.99),
                        cpuMicros / units,
                        report.ignoredErrors());
        progress.accept(
                "%s, %d connections, round %d, %s: %.0f/s, p99 %.2f ms, CPU %.1f us"
                        .formatted(
                                workload.title(),
                                key.threads(),
                                round + 1,
                                peer.name(),
                                sample.unitsPerSecond(),
                                sample.p99(),
                                sample.cpuMicros()));
        return sample;
    }

    /** TLS to the server only makes a difference where clients use TLS and log in. */
    private List<Peer> suited(Workload workload) {
        return peers.stream()
                .filter(peer -> peer.kind() != PeerKind.MOHA_TLS || workload.tls())
                .toList();
    }
}
