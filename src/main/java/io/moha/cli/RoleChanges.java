package io.moha.cli;

import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.LeaderRecord;
import io.moha.protocol.cluster.LeaderState;
import io.moha.protocol.cluster.MemberRecord;
import io.moha.protocol.cluster.SyncRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells in sentences what changed from one picture of the cluster to the next: leadership, roles of
 * nodes, durability. Not thread-safe.
 */
final class RoleChanges {

    private static final int LONGEST_REASON = 90;

    private final Map<String, String> roles = new HashMap<>();
    private String leadership = "";
    private String durability = "";
    private @Nullable Long lastEpochTold;

    /** What changed since the picture before, oldest first; empty when nothing did. */
    List<String> next(ClusterPicture picture) {
        List<String> lines = new ArrayList<>();
        leadership(picture.leader()).ifChanged(leadership, lines);
        leadership = leadership(picture.leader()).state();
        roles(picture, lines);
        durability(picture, lines);
        history(picture, lines);
        return lines;
    }

    private record Sentence(String state, String text) {
        void ifChanged(String before, List<String> lines) {
            if (!state.equals(before) && !text.isEmpty()) {
                lines.add(text);
            }
        }
    }

    private static Sentence leadership(@Nullable Stored<LeaderRecord> stored) {
        if (stored == null) {
            return new Sentence("", "");
        }
        LeaderRecord leader = stored.value();
        String state = leader.epoch() + " " + leader.holder() + " " + leader.state();
        String what =
                switch (leader.state()) {
                    case ELECTING -> leader.holder() + " holds an election";
                    case PROMOTING -> leader.holder() + " won and is being promoted";
                    case SERVING -> leader.holder() + " is primary at " + leader.address();
                    case SWITCHING -> leader.holder() + " hands over: proxies hold new work";
                    case RELEASED -> leader.holder() + " gave up the lead";
                };
        return new Sentence(
                state, "epoch " + leader.epoch() + ": " + what + because(leader.reason()));
    }

    private void roles(ClusterPicture picture, List<String> lines) {
        TreeSet<String> all = new TreeSet<>(roles.keySet());
        all.addAll(picture.members().keySet());
        for (String id : all) {
            MemberRecord member = picture.members().get(id);
            String role =
                    member == null
                            ? "gone"
                            : member.report().role().name().toLowerCase(Locale.ROOT);
            if (!Objects.equals(roles.put(id, role), role)) {
                lines.add(
                        member == null
                                ? id + "'s agent is gone"
                                : id + " is " + role + because(member.report().reason()));
            }
        }
    }

    private void durability(ClusterPicture picture, List<String> lines) {
        if (picture.sync() == null) {
            return;
        }
        SyncRecord sync = picture.sync().value();
        String now =
                switch (sync.mode()) {
                    case SYNC ->
                            "every commit is on "
                                    + sync.acks()
                                    + " of "
                                    + String.join(", ", sync.ackers())
                                    + " before the client is told";
                    case ASYNC -> "commits do not wait for a replica";
                    case SPM -> "one node serves alone";
                };
        if (!now.equals(durability)) {
            durability = now;
            lines.add(now);
        }
    }

    private void history(ClusterPicture picture, List<String> lines) {
        Long told = lastEpochTold;
        for (HistoryRecord change : picture.history().values()) {
            lastEpochTold = change.epoch();
            // What happened before the first picture is history.
            if (told != null && change.epoch() > told) {
                tell(change, lines);
            }
        }
        if (lastEpochTold == null) {
            lastEpochTold = 0L;
        }
    }

    private static void tell(HistoryRecord change, List<String> lines) {
        long total = change.phaseMillis().values().stream().mapToLong(Long::longValue).sum();
        if (change.from() != null && total > 0) {
            lines.add(
                    change.kind().name().toLowerCase(Locale.ROOT)
                            + " from "
                            + change.from()
                            + " to "
                            + change.to()
                            + " took "
                            + total
                            + " ms");
        }
    }

    /** In parentheses, without the GTID sets that would fill the screen; moha why has them. */
    private static String because(String reason) {
        if (reason.isBlank()) {
            return "";
        }
        String text =
                reason.length() <= LONGEST_REASON
                        ? reason
                        : reason.substring(0, LONGEST_REASON) + "...";
        return " (" + text + ")";
    }

    /** Whether the last picture had a primary that serves. */
    boolean serving() {
        return leadership.endsWith(" " + LeaderState.SERVING);
    }
}
