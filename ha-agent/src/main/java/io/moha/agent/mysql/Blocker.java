package io.moha.agent.mysql;

/**
 * Something on a primary that keeps it from being made read-only soon, or that would be cut off.
 *
 * @param connection to KILL to be rid of it; 0 when it belongs to none
 * @param what one sentence for people that names the connection, without what it executes and
 *     without a semicolon
 */
public record Blocker(long connection, String what) {

    @Override
    public String toString() {
        return what;
    }
}
