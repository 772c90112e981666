package io.moha.proxy.config;

import io.moha.protocol.config.Section;
import java.time.Duration;

/**
 * Reads from replicas.
 *
 * @param maxLag replicas that lag more get no new sessions
 * @param causal whether a session reads its own writes on replicas
 * @param causalWait how long a read may wait on a replica for the session's own writes
 * @param whenNoReplica what to do when no replica is healthy
 */
public record ReadsConfig(
        Duration maxLag, Causal causal, Duration causalWait, WhenNoReplica whenNoReplica) {

    /** What a session's reads are guaranteed to see. */
    public enum Causal {
        /** The session's own writes. */
        SESSION,
        /** Whatever the replica has. */
        NONE
    }

    /** What to do when no replica is healthy. */
    public enum WhenNoReplica {
        /** Read from the primary. */
        PRIMARY,
        /** Refuse. */
        ERROR
    }

    private static final Duration DEFAULT_WAIT = Duration.ofMillis(100);
    private static final String NOT_SPLIT =
            "without effect, as this version sends all reads of a split listener to the primary";

    static ReadsConfig bind(Section section) {
        ReadsConfig reads =
                new ReadsConfig(
                        section.duration("maxLag", Duration.ofSeconds(5)),
                        section.choice("causal", Causal.class, Causal.SESSION),
                        section.duration("causalWait", DEFAULT_WAIT),
                        section.choice(
                                "whenNoReplica", WhenNoReplica.class, WhenNoReplica.PRIMARY));
        if (reads.causal != Causal.SESSION) {
            section.warning("causal", NOT_SPLIT);
        }
        if (!reads.causalWait.equals(DEFAULT_WAIT)) {
            section.warning("causalWait", NOT_SPLIT);
        }
        return reads;
    }
}
