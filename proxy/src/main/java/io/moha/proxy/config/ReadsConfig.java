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

    static ReadsConfig bind(Section section) {
        return new ReadsConfig(
                section.duration("maxLag", Duration.ofSeconds(5)),
                section.choice("causal", Causal.class, Causal.SESSION),
                section.duration("causalWait", Duration.ofMillis(100)),
                section.choice("whenNoReplica", WhenNoReplica.class, WhenNoReplica.PRIMARY));
    }
}
