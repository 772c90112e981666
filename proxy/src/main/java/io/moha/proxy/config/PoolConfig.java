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

    private static final int DEFAULT_MAX = 500;

    static PoolConfig bind(Section section) {
        PoolConfig pool =
                new PoolConfig(
                        section.choice("mode", Mode.class, Mode.SESSION),
                        section.integer("maxPerBackend", DEFAULT_MAX, 1, 100_000));
        section.require(
                pool.mode == Mode.SESSION,
                "mode",
                "this version keeps one server connection a client; only session can be had");
        if (pool.maxPerBackend != DEFAULT_MAX) {
            section.warning("maxPerBackend", "without effect while pool.mode is session");
        }
        return pool;
    }
}
