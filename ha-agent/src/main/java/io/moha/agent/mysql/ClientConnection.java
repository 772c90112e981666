package io.moha.agent.mysql;

/**
 * A client's connection to this server, as the process list shows it.
 *
 * @param id to KILL
 * @param user logged in
 * @param host it connects from, with its port
 * @param command what it does: Sleep, Query, ...
 * @param seconds since it began that
 * @param statement what it executes; empty when nothing. May hold data of users: for operators, not
 *     for logs
 */
public record ClientConnection(
        long id, String user, String host, String command, long seconds, String statement) {

    /** The connection without what it executes, which may hold secrets. */
    @Override
    public String toString() {
        return "connection "
                + id
                + " of "
                + user
                + "@"
                + host
                + " ("
                + command
                + " "
                + seconds
                + " s)";
    }
}
