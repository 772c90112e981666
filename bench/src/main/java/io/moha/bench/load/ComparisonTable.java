package io.moha.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Samples as markdown: medians over the rounds, and ratios taken within each round. */
final class ComparisonTable {

    private static final String DIRECT = PeerKind.DIRECT.title();
    private static final String HAPROXY = PeerKind.HAPROXY.title();
    private static final String RELAY = PeerKind.RELAY.title();

    private final List<Sample> samples;
    private final Map<Sample.Key, List<Sample>> byKey;

    /** A table of {@code samples}. */
    ComparisonTable(List<Sample> samples) {
        this.samples = List.copyOf(samples);
        this.byKey = samples.stream().collect(Collectors.groupingBy(Sample::key));
    }

    /** One table a workload. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        for (Workload workload : distinct(sample -> sample.key().workload())) {
            text.append("\n### ").append(workload.title()).append("\n\n");
            text.append(header(workload));
            for (int threads : distinct(sample -> sample.key().threads())) {
                for (String peer : distinct(sample -> sample.key().peer())) {
                    Sample.Key key = new Sample.Key(workload, threads, peer);
                    if (byKey.containsKey(key)) {
                        text.append(row(key));
                    }
                }
            }
        }
        return text.toString();
    }

    /** Every sample, as comma-separated values with a heading. */
    String csv() {
        StringBuilder text =
                new StringBuilder(
                        "workload,connections,peer,round,per_second,p50_ms,p95_ms,p99_ms,cpu_us,"
                                + "errors\n");
        for (Sample sample : samples) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s,%d,%s,%d,%.1f,%.3f,%.3f,%.3f,%.2f,%d%n",
                            sample.key().workload(),
                            sample.key().threads(),
                            sample.key().peer(),
                            sample.round(),
                            sample.unitsPerSecond(),
                            sample.p50(),
                            sample.p95(),
                            sample.p99(),
                            sample.cpuMicros(),
                            sample.errors()));
        }
        return text.toString();
    }

    private static String header(Workload workload) {
        return """
        | connections | way | %1$s/s | p50 ms | p95 ms | p99 ms | CPU µs a %1$s | CPU : HAProxy | CPU : relay | throughput : HAProxy | throughput : relay |
        |---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        """
                .formatted(workload.unit());
    }

    private String row(Sample.Key key) {
        List<Sample> rounds = byKey.getOrDefault(key, List.of());
        return String.format(
                Locale.ROOT,
                "| %d | %s | %.0f | %.2f | %.2f | %.2f | %s | %s | %s | %s | %s |%n",
                key.threads(),
                key.peer(),
                Median.of(rounds, Sample::unitsPerSecond),
                Median.of(rounds, Sample::p50),
                Median.of(rounds, Sample::p95),
                Median.of(rounds, Sample::p99),
                key.peer().equals(DIRECT)
                        ? "–"
                        : String.format(Locale.ROOT, "%.1f", Median.of(rounds, Sample::cpuMicros)),
                cpuRatio(key, HAPROXY),
                cpuRatio(key, RELAY),
                ratio(key, HAPROXY, Sample::unitsPerSecond),
                ratio(key, RELAY, Sample::unitsPerSecond));
    }

    private String cpuRatio(Sample.Key key, String base) {
        return key.peer().equals(DIRECT) ? "–" : ratio(key, base, Sample::cpuMicros);
    }

    /** The median over the rounds of what {@code key} has for each 1 that {@code base} has. */
    private String ratio(Sample.Key key, String base, ToDoubleFunction<Sample> property) {
        Map<Integer, Double> bases = new TreeMap<>();
        for (Sample sample : byKey.getOrDefault(key.by(base), List.of())) {
            bases.put(sample.round(), property.applyAsDouble(sample));
        }
        List<Double> ratios = new ArrayList<>();
        for (Sample sample : byKey.getOrDefault(key, List.of())) {
            Double other = bases.get(sample.round());
            if (other != null) {
                ratios.add(property.applyAsDouble(sample) / other);
            }
        }
        return ratios.isEmpty()
                ? "–"
                : String.format(Locale.ROOT, "%.2f", Median.of(ratios, Double::doubleValue));
    }

    private <T> List<T> distinct(Function<Sample, T> property) {
        return samples.stream().map(property).distinct().toList();
    }
}
