package io.moha.agent.sim;

/**
 * A transaction.
 *
 * @param origin index of the node that wrote it, whose server's uuid it bears
 * @param number within that origin, from 1
 * @param value what a client wrote, unique; 0 for a heartbeat
 */
record Trx(int origin, int number, long value) {

    /** Whether a client waits to hear of it. */
    boolean isClients() {
        return value != 0;
    }

    @Override
    public String toString() {
        return "n" + (origin + 1) + ":" + number;
    }
}
