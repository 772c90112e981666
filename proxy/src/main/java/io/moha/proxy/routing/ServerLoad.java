package io.moha.proxy.routing;

/** How busy each server is with this proxy. */
@FunctionalInterface
public interface ServerLoad {

    /** Open connections from this proxy to the server of {@code node}. Callable from any thread. */
    int connections(String node);
}
