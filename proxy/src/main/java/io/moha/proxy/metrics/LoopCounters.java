package io.moha.proxy.metrics;

/**
 * Counters of the query path, one set an event loop, so that counting is a plain addition. Written
 * only on its loop; readers on other threads see values that are a moment old.
 */
public final class LoopCounters {

    private long commands;
    private long bytesFromClients;
    private long bytesToClients;

    /** A client sent a command. */
    public void countCommand() {
        commands++;
    }

    /** {@code bytes} came from clients. */
    public void countFromClient(int bytes) {
        bytesFromClients += bytes;
    }

    /** {@code bytes} went to clients. */
    public void countToClient(int bytes) {
        bytesToClients += bytes;
    }

    /** Commands so far. */
    public long commands() {
        return commands;
    }

    /** Bytes from clients so far. */
    public long bytesFromClients() {
        return bytesFromClients;
    }

    /** Bytes to clients so far. */
    public long bytesToClients() {
        return bytesToClients;
    }
}
