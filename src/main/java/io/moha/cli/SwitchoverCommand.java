package io.moha.cli;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moha switchover}: asks for a planned change of primary and tells how it goes. */
@Command(
        name = "switchover",
        mixinStandardHelpOptions = true,
        description = {
            "Make another node primary, planned: clients see a pause, no error.",
            "Prints each phase with its duration, and how long writes paused."
        })
final class SwitchoverCommand implements Callable<Integer> {

    /** Time for the record to reach a final phase beyond the operation's own limit. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** During these, a client's new write waits. */
    private static final List<String> PAUSING = List.of("holding", "read_only", "handed_over");

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--to",
            paramLabel = "NODE",
            description = "The node to become primary (default: the cluster chooses).")
    private @Nullable String to;

    @Option(names = "--dry-run", description = "Only say whether it could be done.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description =
                    "Give up, and leave the primary where it is, when this passed (default:"
                            + " ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(10);

    private final Ticker ticker = Ticker.system();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (ClusterClient client = cluster.open()) {
            ClusterPicture picture = client.read();
            String from = check(picture);
            if (dryRun) {
                out.println(
                        "Could switch over from "
                                + from
                                + (to == null ? "" : " to " + to)
                                + "; nothing was done.");
                return 0;
            }
            BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
            try (AutoCloseable watch = client.watch(() -> changed.offer(true))) {
                Objects.requireNonNull(watch);
                SwitchoverRecord asked = request(client, picture);
                return follow(client, asked, changed, out);
            }
        }
    }

    /** The primary, when a switchover can be asked for. */
    private String check(ClusterPicture picture) throws Failure {
        String from = picture.primary();
        if (from == null || picture.leader() == null) {
            throw new Failure("there is no primary to switch over from; moha why says more");
        }
        if (picture.leader().value().state() != LeaderState.SERVING) {
            throw new Failure(from + " hands over already; moha status shows how far it is");
        }
        if (to != null) {
            if (to.equals(from)) {
                throw new Failure(to + " is primary already");
            }
            if (!picture.members().containsKey(to)) {
                throw new Failure(
                        "no agent of a node "
                                + to
                                + " runs; those that do: "
                                + String.join(", ", picture.members().keySet()));
            }
            String why = Promotable.whyNot(to, picture);
            if (!why.isEmpty()) {
                throw new Failure(to + " cannot be promoted: " + why);
            }
        } else if (picture.members().keySet().stream()
                .noneMatch(id -> !id.equals(from) && Promotable.whyNot(id, picture).isEmpty())) {
            throw new Failure(
                    "no other node can be promoted: "
                            + picture.members().keySet().stream()
                                    .filter(id -> !id.equals(from))
                                    .map(id -> id + " " + Promotable.whyNot(id, picture))
                                    .collect(Collectors.joining("; ")));
        }
        return from;
    }

    private SwitchoverRecord request(ClusterClient client, ClusterPicture picture)
            throws Failure, ClusterException {
        Stored<SwitchoverRecord> last = picture.switchover();
        if (last != null && !last.value().phase().isFinal()) {
            throw new Failure(
                    "a switchover asked for by " + last.value().requestedBy() + " is under way");
        }
        SwitchoverRecord asked =
                new SwitchoverRecord(
                        1,
                        UUID.randomUUID().toString(),
                        null,
                        to,
                        Requester.name(),
                        WallClock.system().now().toEpochMilli(),
                        timeout.toMillis(),
                        SwitchoverPhase.REQUESTED,
                        "",
                        Map.of());
        long revision = last == null ? 0 : last.revision();
        if (!client.replace(client.keys().switchover(), revision, asked)) {
            throw new Failure("somebody else asked for a switchover just now; look at moha status");
        }
        return asked;
    }

    private int follow(
            ClusterClient client,
            SwitchoverRecord asked,
            BlockingQueue<Boolean> changed,
            PrintWriter out)
            throws Failure, ClusterException, InterruptedException {
        Moment deadline = ticker.now().plus(timeout).plus(GRACE);
        Printed printed = new Printed(out);
        Pause pause = new Pause();
        while (ticker.now().isBefore(deadline)) {
            ClusterPicture picture = client.read();
            Stored<SwitchoverRecord> stored = picture.switchover();
            if (stored == null || !stored.value().id().equals(asked.id())) {
                throw new Failure("the request was replaced by another; look at moha history");
            }
            SwitchoverRecord now = stored.value();
            printed.show(now);
            pause.look(now, ticker.now());
            if (now.phase() == SwitchoverPhase.DONE && serves(picture, now.to())) {
                long millis = pause.millis(ticker.now());
                printed.line("promoted, serves", millis - Pause.before(now));
                out.println(now.to() + " is primary.");
                out.println("Writes paused for " + millis + " ms.");
                return 0;
            }
            if (now.phase() == SwitchoverPhase.ABANDONED) {
                throw new Failure("abandoned, " + now.from() + " stays primary: " + now.reason());
            }
            changed.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        throw new Failure(
                "not finished within "
                        + timeout.plus(GRACE).toSeconds()
                        + " s; it may still be: look at moha status");
    }

    private static boolean serves(ClusterPicture picture, @Nullable String node) {
        return picture.leader() != null
                && picture.leader().value().state() == LeaderState.SERVING
                && picture.leader().value().holder().equals(node);
    }

    /**
     * How long writes waited, by what a watcher of the store sees as proxies do: from the beginning
     * of HOLDING until the new primary serves. Not thread-safe.
     */
    private static final class Pause {

        private @Nullable Moment began;

        void look(SwitchoverRecord record, Moment now) {
            boolean holding =
                    record.phase().compareTo(SwitchoverPhase.HOLDING) >= 0
                            && record.phase() != SwitchoverPhase.ABANDONED;
            if (holding && began == null) {
                began = now.minus(Duration.ofMillis(before(record)));
            }
        }

        /** How long the phases took that are over, as the record knows. */
        static long before(SwitchoverRecord record) {
            return PAUSING.stream()
                    .mapToLong(phase -> record.phaseMillis().getOrDefault(phase, 0L))
                    .sum();
        }

        long millis(Moment now) {
            return began == null ? 0 : now.since(began).toMillis();
        }
    }

    /** Prints each phase once, when its duration is known. */
    private static final class Printed {

        private final PrintWriter out;
        private final java.util.Set<String> phases = new java.util.HashSet<>();
        private boolean began;

        Printed(PrintWriter out) {
            this.out = out;
        }

        void show(SwitchoverRecord record) {
            if (!began && record.from() != null && record.to() != null) {
                began = true;
                out.println("Switching over from " + record.from() + " to " + record.to() + ".");
            }
            for (SwitchoverPhase phase : SwitchoverPhase.values()) {
                String name = phase.name().toLowerCase(Locale.ROOT);
                Long millis = record.phaseMillis().get(name);
                // The hand-over is one write to the store; what follows it is the new primary's.
                if (millis != null && phase != SwitchoverPhase.HANDED_OVER && phases.add(name)) {
                    line(describe(phase), millis);
                }
            }
        }

        void line(String what, long millis) {
            out.printf(Locale.ROOT, "  %-34s %6d ms%n", what, millis);
            out.flush();
        }

        private static String describe(SwitchoverPhase phase) {
            return switch (phase) {
                case REQUESTED -> "taken up";
                case PREPARING -> "checked";
                case HOLDING -> "proxies held, transactions ended";
                case READ_ONLY -> "read-only, target caught up";
                case HANDED_OVER -> "handed over";
                case DONE -> "done";
                case ABANDONED -> "abandoned";
            };
        }
    }

    /** Reads times like 10s, 1500ms, 2m. */
    static final class DurationConverter implements CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            var parts = java.util.regex.Pattern.compile("(\\d{1,9})(ms|s|m)").matcher(text.strip());
            if (!parts.matches()) {
                throw new CommandLine.TypeConversionException(
                        "expected a time like 10s or 1500ms, got '" + text + "'");
            }
            long value = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(value);
                case "s" -> Duration.ofSeconds(value);
                default -> Duration.ofMinutes(value);
            };
        }
    }
}
