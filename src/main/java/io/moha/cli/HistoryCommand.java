package io.moha.cli;

import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.config.InvalidConfigException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moha history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description =
                "Every change of primary: epoch, when, why, from, to, how long each phase took, and"
                        + " which transactions were lost.")
final class HistoryCommand implements Callable<Integer> {

    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    /** The order in which phases happen, of switchovers and of failovers. */
    private static final List<String> ORDER =
            List.of(
                    "detect",
                    "elect",
                    "electing",
                    "freeze",
                    "drain",
                    "preparing",
                    "holding",
                    "read_only",
                    "handed_over",
                    "promoting",
                    "promote");

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--json", description = "Print JSON: an array, oldest first.")
    private boolean json;

    @Override
    public Integer call() throws Failure, ClusterException, InvalidConfigException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            Collection<HistoryRecord> changes = client.read().history().values();
            if (json) {
                out.println(Json.text(List.copyOf(changes)));
            } else if (changes.isEmpty()) {
                out.println("No primary was ever elected.");
            } else {
                table(changes).forEach(out::println);
            }
            return 0;
        }
    }

    private static List<String> table(Collection<HistoryRecord> changes) {
        TextTable table =
                new TextTable("EPOCH", "WHEN", "KIND", "FROM", "TO", "LOST", "PHASES", "WHY");
        for (HistoryRecord change : changes) {
            table.row(
                    Long.toString(change.epoch()),
                    WHEN.format(Instant.ofEpochMilli(change.atMs())),
                    change.kind().name().toLowerCase(Locale.ROOT),
                    change.from() == null ? "-" : change.from(),
                    change.to(),
                    change.lost().isEmpty() ? "none" : change.lost(),
                    phases(change.phaseMillis()),
                    change.reason());
        }
        return table.lines();
    }

    /** For example "holding 120 ms, read_only 40 ms"; a dash when nothing was measured. */
    static String phases(Map<String, Long> millis) {
        String text =
                millis.entrySet().stream()
                        .sorted(
                                java.util.Comparator.comparingInt(
                                                (Map.Entry<String, Long> phase) ->
                                                        place(phase.getKey()))
                                        .thenComparing(Map.Entry::getKey))
                        .map(phase -> phase.getKey() + " " + phase.getValue() + " ms")
                        .collect(Collectors.joining(", "));
        return text.isEmpty() ? "-" : text;
    }

    private static int place(String phase) {
        int place = ORDER.indexOf(phase);
        return place < 0 ? ORDER.size() : place;
    }
}
