package io.moha.cli;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.base.WallClock;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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

    @Spec private @Nullable CommandSpec spec;
    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--to",
            paramLabel = "NODE",
            description = "The node to become primary (default: the cluster chooses).")
    private @Nullable String to;

    @Option(
            names = "--dry-run",
            description = "Only say whether it could be done, and what stands in the way.")
    private boolean dryRun;

    @Option(
            names = "--kill-blockers",
            description =
                    "End the connections that stand in the way: long transactions and statements,"
                            + " locks of the whole server.")
    private boolean killBlockers;

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
            BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
            try (AutoCloseable watch = client.watch(() -> changed.offer(true))) {
                Objects.requireNonNull(watch);
                SwitchoverRecord asked = request(client, picture);
                Following following = new Following(client, asked, changed);
                return dryRun ? rehearse(following, from, out) : follow(following, out);
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
        }
        return from;
    }

    private SwitchoverRecord request(ClusterClient client, ClusterPicture picture)
            throws Failure, ClusterException {
        Stored<SwitchoverRecord> last = picture.switchover();
        if (last != null && last.value().phase().isUnderWay()) {
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
                        dryRun ? SwitchoverPhase.ASKED : SwitchoverPhase.REQUESTED,
                        killBlockers && !dryRun ? SwitchoverRecord.KILL_BLOCKERS : "",
                        Map.of());
        long revision = last == null ? 0 : last.revision();
        if (!client.replace(client.keys().switchover(), revision, asked)) {
            throw new Failure("somebody else asked for a switchover just now; look at moha status");
        }
        return asked;
    }

    /** A request, and where and how to look at what becomes of it. */
    private record Following(
            ClusterClient client, SwitchoverRecord asked, BlockingQueue<Boolean> changed) {

        void await() throws InterruptedException {
            changed.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** The request as it stands in {@code picture}. */
        Stored<SwitchoverRecord> in(ClusterPicture picture) throws Failure {
            Stored<SwitchoverRecord> stored = picture.switchover();
            if (stored == null || !stored.value().id().equals(asked.id())) {
                throw new Failure("the request was replaced by another; look at moha history");
            }
            return stored;
        }

        /** Takes the request back if nobody has taken it up; false when somebody has. */
        boolean withdraw(String reason) throws ClusterException, Failure {
            Stored<SwitchoverRecord> stored = in(client.read());
            SwitchoverRecord now = stored.value();
            if (now.phase() != asked.phase()) {
                return false;
            }
            SwitchoverRecord withdrawn =
                    new SwitchoverRecord(
                            now.version(),
                            now.id(),
                            now.from(),
                            now.to(),
                            now.requestedBy(),
                            now.requestedAtMs(),
                            now.timeoutMs(),
                            SwitchoverPhase.ABANDONED,
                            reason,
                            now.phaseMillis());
            return client.replace(client.keys().switchover(), stored.revision(), withdrawn);
        }
    }

    private int rehearse(Following following, String from, PrintWriter out)
            throws Failure, ClusterException, InterruptedException {
        Moment deadline = ticker.now().plus(timeout);
        while (ticker.now().isBefore(deadline)) {
            SwitchoverRecord now = following.in(following.client().read()).value();
            if (now.phase() == SwitchoverPhase.DONE) {
                out.println(
                        "Could switch over from "
                                + from
                                + " to "
                                + now.to()
                                + "; nothing was done.");
                return 0;
            }
            if (now.phase() == SwitchoverPhase.ABANDONED) {
                throw new Failure("a switchover would be refused: " + now.reason());
            }
            following.await();
        }
        String why = SwitchoverProgress.whyNotBegun(following.client().read());
        boolean _ = following.withdraw("not answered in time");
        throw new Failure("no answer within " + timeout.toSeconds() + " s: " + why);
    }

    private int follow(Following following, PrintWriter out)
            throws Failure, ClusterException, InterruptedException {
        Moment takenUpBy = ticker.now().plus(timeout);
        Moment deadline = takenUpBy.plus(GRACE);
        SwitchoverProgress progress = new SwitchoverProgress(out, ticker);
        while (ticker.now().isBefore(deadline)) {
            ClusterPicture picture = following.client().read();
            SwitchoverRecord now = following.in(picture).value();
            progress.show(now, picture);
            if (now.phase() == SwitchoverPhase.DONE && serves(picture, now.to())) {
                progress.done(now);
                return 0;
            }
            if (now.phase() == SwitchoverPhase.ABANDONED) {
                throw new Failure(
                        "abandoned, "
                                + (now.from() == null ? "the primary" : now.from())
                                + " stays primary: "
                                + now.reason());
            }
            if (now.phase() == SwitchoverPhase.REQUESTED && !ticker.now().isBefore(takenUpBy)) {
                String why = SwitchoverProgress.whyNotBegun(picture);
                if (following.withdraw("not begun in time: " + why)) {
                    throw new Failure(
                            "not begun within " + timeout.toSeconds() + " s, withdrawn: " + why);
                }
            }
            following.await();
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
