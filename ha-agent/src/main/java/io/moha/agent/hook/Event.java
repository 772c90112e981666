package io.moha.agent.hook;

import io.moha.agent.decide.Verdict;
import io.moha.protocol.cluster.HistoryRecord;
import io.moha.protocol.cluster.NodeRole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Something that people, and programs of theirs, may want to hear of. */
public sealed interface Event {

    /** Its name, in lower case with dashes. */
    String name();

    /** What is known of it, by names as environment variables have them. */
    Map<String, String> facts();

    /** The verdict on this node's server changed. */
    record Detected(Verdict verdict) implements Event {
        @Override
        public String name() {
            return "detected";
        }

        @Override
        public Map<String, String> facts() {
            return Map.of("VERDICT", verdict.kind().name(), "REASON", verdict.reason());
        }
    }

    /** This node became something else. */
    record RoleChanged(NodeRole from, NodeRole to, long epoch, String reason) implements Event {
        @Override
        public String name() {
            return "role-changed";
        }

        @Override
        public Map<String, String> facts() {
            return Map.of(
                    "ROLE_BEFORE", from.name(),
                    "ROLE", to.name(),
                    "EPOCH", Long.toString(epoch),
                    "REASON", reason);
        }
    }

    /** This node is about to become primary. */
    record BeforePromotion(long epoch, @Nullable String from, String reason) implements Event {
        @Override
        public String name() {
            return "before-promotion";
        }

        @Override
        public Map<String, String> facts() {
            return Map.of(
                    "EPOCH",
                    Long.toString(epoch),
                    "OLD_PRIMARY",
                    from == null ? "" : from,
                    "REASON",
                    reason);
        }
    }

    /** This node serves as primary. */
    record AfterPromotion(HistoryRecord change) implements Event {

        @Override
        public String name() {
            return "after-promotion";
        }

        @Override
        public Map<String, String> facts() {
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("EPOCH", Long.toString(change.epoch()));
            facts.put("KIND", change.kind().name());
            facts.put("OLD_PRIMARY", change.from() == null ? "" : change.from());
            facts.put("REASON", change.reason());
            facts.put("LOST", change.lost());
            facts.put(
                    "PHASES",
                    change.phaseMillis().entrySet().stream()
                            .map(phase -> phase.getKey() + "=" + phase.getValue())
                            .collect(Collectors.joining(",")));
            return facts;
        }
    }
}
