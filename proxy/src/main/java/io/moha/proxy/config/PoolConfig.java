package io.moha.proxy.config;

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
}
