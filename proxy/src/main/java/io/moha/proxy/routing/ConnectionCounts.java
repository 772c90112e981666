package io.moha.proxy.routing;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open server connections by node. Thread-safe. */
public final class ConnectionCounts implements ServerLoad {

    private final ConcurrentHashMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    /** A connection to {@code node} was opened. */
    public void opened(String node) {
        of(node).incrementAndGet();
    }

    /** A connection to {@code node} was closed; once for each {@link #opened}. */
    public void closed(String node) {
        of(node).decrementAndGet();
    }

    @Override
    public int connections(String node) {
        AtomicInteger count = counts.get(node);
        return count == null ? 0 : count.get();
    }

    /** All open connections. */
    public int total() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    private AtomicInteger of(String node) {
        return counts.computeIfAbsent(node, _ -> new AtomicInteger());
    }
}
