package io.moha.bench.ha;

import io.moha.bench.load.Median;
import java.time.Duration;
import java.util.ArrayList;
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
        StringBuilder text = new StringBuilder();
        text.append(
                """

                | %d runs | median ms | worst ms |
                |---|---:|---:|
                """
                        .formatted(runs.size()));
        text.append(row("first write acknowledged after", Disruption::toFirstWrite));
        text.append(row("longest pause of all clients together", Disruption::pause));
        text.append(row("longest pause of one client", Disruption::worstClientPause));
        text.append(
                "\nWrites acknowledged: %d. Acknowledged and lost: %d.\n\n"
                        .formatted(
                                runs.stream().mapToLong(Disruption::acknowledged).sum(),
                                runs.stream().mapToLong(Disruption::lost).sum()));
        text.append("Errors seen by clients, over all runs: ").append(errors()).append("\n");
        return text.toString();
    }

    /** What the command ends with: 1 when an acknowledged write is lost. */
    static int exitCode(List<Disruption> runs) {
        return runs.stream().allMatch(run -> run.lost() == 0) ? 0 : 1;
    }

    private String row(String what, Function<Disruption, Duration> property) {
        List<Double> millis = new ArrayList<>();
        for (Disruption run : runs) {
            millis.add(property.apply(run).toNanos() / 1e6);
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f |%n",
                what,
                Median.of(millis, Double::doubleValue),
                millis.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
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
