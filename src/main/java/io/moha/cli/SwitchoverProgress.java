package io.moha.cli;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SwitchoverPhase;
import io.moha.protocol.cluster.SwitchoverRecord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints how a switchover goes, each phase once when its duration is known, and measures how long
 * writes wait by what a watcher of the store sees as proxies do: from the beginning of HOLDING
 * until the new primary serves. Not thread-safe.
 */
final class SwitchoverProgress {

    /** What goes on for longer without a phase beginning is told. */
    private static final Duration TELL_AFTER = Duration.ofMillis(700);

    /** During these, a client's new write waits. */
    private static final List<String> PAUSING = List.of("holding", "read_only", "handed_over");

    private final PrintWriter out;
    private final Ticker ticker;
    private final Moment asked;
    private final Set<SwitchoverPhase> phases = EnumSet.noneOf(SwitchoverPhase.class);
    private boolean began;
    private @Nullable Moment pausing;
    private String waiting = "";

    SwitchoverProgress(PrintWriter out, Ticker ticker) {
        this.out = out;
        this.ticker = ticker;
        this.asked = ticker.now();
    }

    /** Tells what is new in {@code record}. */
    void show(SwitchoverRecord record, ClusterPicture picture) {
        Moment now = ticker.now();
        if (record.phase() == SwitchoverPhase.REQUESTED) {
            showWait(picture, now);
            return;
        }
        if (!began && record.from() != null && record.to() != null) {
            began = true;
            print("Switching over from " + record.from() + " to " + record.to() + ".");
        }
        for (SwitchoverPhase phase : SwitchoverPhase.values()) {
            Long millis = record.phaseMillis().get(phase.name().toLowerCase(Locale.ROOT));
            // The hand-over is one write to the store; what follows it is the new primary's.
            if (millis != null && phase != SwitchoverPhase.HANDED_OVER && phases.add(phase)) {
                line(describe(phase), millis);
            }
        }
        boolean pauses =
                record.phase().compareTo(SwitchoverPhase.HOLDING) >= 0
                        && record.phase() != SwitchoverPhase.ABANDONED;
        if (pauses && pausing == null) {
            pausing = now.minus(Duration.ofMillis(before(record)));
        }
    }

    private void showWait(ClusterPicture picture, Moment now) {
        String why = whyNotBegun(picture);
        if (now.since(asked).compareTo(TELL_AFTER) >= 0 && !why.equals(waiting)) {
            waiting = why;
            print("Not begun yet: " + why);
        }
    }

    /** What the primary's agent does instead, in its own words. */
    static String whyNotBegun(ClusterPicture picture) {
        String primary = picture.primary();
        if (primary == null) {
            return "there is no primary";
        }
        MemberRecord member = picture.members().get(primary);
        return member == null
                ? "the agent of " + primary + " is not alive"
                : primary + " " + member.report().reason();
    }

    /** Tells the end of {@code record}, whose target serves now. */
    void done(SwitchoverRecord record) {
        long watched = pausing == null ? 0 : ticker.now().since(pausing).toMillis();
        // Whoever hears late of the beginning has seen too little of it.
        long millis = Math.max(watched, before(record) + promotion(record));
        line("promoted, serves", millis - before(record));
        print(record.to() + " is primary.");
        print("Writes paused for " + millis + " ms.");
    }

    /** How long the phases took that are over, as the record knows. */
    private static long before(SwitchoverRecord record) {
        return PAUSING.stream()
                .mapToLong(phase -> record.phaseMillis().getOrDefault(phase, 0L))
                .sum();
    }

    private static long promotion(SwitchoverRecord record) {
        return record.phaseMillis().getOrDefault("promoting", 0L);
    }

    private void line(String what, long millis) {
        print(String.format(Locale.ROOT, "  %-34s %6d ms", what, millis));
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }

    private static String describe(SwitchoverPhase phase) {
        return switch (phase) {
            case ASKED -> "asked";
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
