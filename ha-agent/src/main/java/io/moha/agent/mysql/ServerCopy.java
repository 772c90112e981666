package io.moha.agent.mysql;

/**
 * What a server says of the last time that its data were to be replaced by a copy of another's
 * (performance_schema.clone_status and clone_progress). It writes that to its data directory only
 * after it has dropped what was there (seen with 9.7): a process that is started after one that
 * died half-way may know nothing of it.
 *
 * @param nowMillis the server's wall clock, since 1970
 * @param begunMillis when that was, by the same clock; 0 when never
 * @param completed whether the copy came to its end; false as well when it was refused
 * @param dropMillis when the server last began to drop what there was, by the same clock; 0 when
 *     never, or not yet
 */
public record ServerCopy(long nowMillis, long begunMillis, boolean completed, long dropMillis) {

    /** Nothing is known, because the server does not have the plugin. */
    public static final ServerCopy UNKNOWN = new ServerCopy(0, -1, false, -1);
}
