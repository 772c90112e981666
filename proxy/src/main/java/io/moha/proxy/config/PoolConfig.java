package io.moha.proxy.config;

import io.moha.protocol.config.Section;

/**
 * Server connections.
 *
 * @param mode how long a client keeps its server connection
 * @param maxPerBackend most connections to one server
 */
public record PoolConfig(Mode mode, int maxPerBackend) {

    /** How long a client keeps its server connection. */
    public enum Mode {
        /** As long as it is connected. */
        SESSION,
        /** As long as its transaction. */
        TRANSACTION
    }

    static PoolConfig bind(Section section) {
        return new PoolConfig(
                section.choice("mode", Mode.class, Mode.SESSION),
                section.integer("maxPerBackend", 500, 1, 100_000));
    }
}
