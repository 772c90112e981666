package io.moha.proxy.routing;

/**
 * What sessions tell about work that still runs on the primary, so that a switchover can wait for
 * it. Implemented by the registry of sessions.
 */
@FunctionalInterface
public interface RunningWork {

    /**
     * How many sessions have a transaction or a command running on a primary. Callable from any
     * thread, every few milliseconds; exact for all that happened before the call on a session's
     * loop.
     */
    int onPrimary();
}
