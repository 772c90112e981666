package io.moha.bench.ha;

import io.moha.bench.load.Median;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Some disturbances of one kind as markdown.
 *
 * @param runs at least one
 */
record DisruptionTable(List<Disruption> runs) {

    /** Copies the list. */
    DisruptionTable {
        runs = List.copyOf(runs);
    }

    /** Medians and worst values, losses, errors by kind. */
    String markdown() {
        return header()
                + row("first write acknowledged after", times(Disruption::toFirstWrite))
                + pauses()
                + outcome();
    }

    /** The head of a table of {@link #row}s. */
    String header() {
        return """

        | %d runs | median ms | worst ms |
        |---|---:|---:|
        """
                .formatted(runs.size());
    }

    /** The rows on pauses. */
    String pauses() {
        return row("longest pause of all clients together", times(Disruption::pause))
                + row("longest pause of one client", times(Disruption::worstClientPause));
    }

    /** Losses and errors by kind, after a table. */
    String outcome() {
        return """

        Writes acknowledged: %d. Acknowledged and lost: %d.

        Errors seen by clients, over all runs: %s
        """
                .formatted(
                        runs.stream().mapToLong(Disruption::acknowledged).sum(),
                        runs.stream().mapToLong(Disruption::lost).sum(),
                        errors());
    }

    /** How many errors clients saw. */
    int errorCount() {
        return runs.stream()
                .flatMap(run -> run.errors().values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** What the command ends with: 1 when an acknowledged write is lost. */
    static int exitCode(List<Disruption> runs) {
        return runs.stream().allMatch(run -> run.lost() == 0) ? 0 : 1;
    }

    /** One row: median and worst of {@code times}. */
    static String row(String what, List<Duration> times) {
        List<Double> millis = times.stream().map(time -> time.toNanos() / 1e6).toList();
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f |%n",
                what,
                Median.of(millis, Double::doubleValue),
                millis.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
    }

    private List<Duration> times(Function<Disruption, Duration> property) {
        return runs.stream().map(property).toList();
    }

    private String errors() {
        Map<String, Integer> all = new TreeMap<>();
        for (Disruption run : runs) {
            run.errors().forEach((kind, count) -> all.merge(kind, count, Integer::sum));
        }
        if (all.isEmpty()) {
            return "none.";
        }
        StringBuilder text = new StringBuilder();
        all.forEach((kind, count) -> text.append("\n- ").append(kind).append(": ").append(count));
        return text.toString();
    }
}
