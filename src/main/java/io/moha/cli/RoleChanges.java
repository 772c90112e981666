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

    private final Map<String, String> roles = new HashMap<>();
    private String leadership = "";
    private String durability = "";
    private long lastEpochTold;

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
        String why = leader.reason().isBlank() ? "" : " (" + leader.reason() + ")";
        return new Sentence(state, "epoch " + leader.epoch() + ": " + what + why);
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
                String why =
                        member == null || member.report().reason().isBlank()
                                ? ""
                                : " (" + member.report().reason() + ")";
                lines.add(member == null ? id + "'s agent is gone" : id + " is " + role + why);
            }
        }
    }

    private void durability(ClusterPicture picture, List<String> lines) {
        if (picture.sync() == null) {
            return;
        }
        SyncRecord sync = picture.sync().value();
        String now = sync.mode() + " " + sync.acks() + " " + sync.ackers();
        if (!now.equals(durability)) {
            durability = now;
            lines.add(
                    switch (sync.mode()) {
                        case SYNC ->
                                "every commit is on "
                                        + sync.acks()
                                        + " of "
                                        + String.join(", ", sync.ackers())
                                        + " before the client is told";
                        case ASYNC -> "commits do not wait for a replica";
                        case SPM -> "one node serves alone";
                    });
        }
    }

    private void history(ClusterPicture picture, List<String> lines) {
        for (HistoryRecord change : picture.history().values()) {
            if (change.epoch() <= lastEpochTold) {
                continue;
            }
            lastEpochTold = change.epoch();
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
    }

    /** Whether the last picture had a primary that serves. */
    boolean serving() {
        return leadership.endsWith(" " + LeaderState.SERVING);
    }
}
