package io.moha.agent.sim;

/**
 * Which machine's messages reach which, by direction. The store and the clients are machines of
 * their own.
 */
final class SimNetwork {

    private final Simulation sim;
    private final int nodes;
    private final int[][] cuts;
    private int delayMicros = 200;

    /** A whole network of {@code nodes} nodes, the store and the clients. */
    SimNetwork(Simulation sim, int nodes) {
        this.sim = sim;
        this.nodes = nodes;
        this.cuts = new int[nodes + 2][nodes + 2];
    }

    /** Where the store is. */
    int store() {
        return nodes;
    }

    /** Where the clients are. */
    int clients() {
        return nodes + 1;
    }

    /** How many machines there are. */
    int size() {
        return nodes + 2;
    }

    /** Nothing from {@code from} reaches {@code to} any more; cuts add up. */
    void cut(int from, int to) {
        cuts[from][to]++;
    }

    /** Takes one cut back. */
    void heal(int from, int to) {
        cuts[from][to]--;
    }

    /** Whether messages from {@code from} reach {@code to}. */
    boolean passes(int from, int to) {
        return cuts[from][to] == 0;
    }

    /** Whether messages pass both ways. */
    boolean passesBothWays(int a, int b) {
        return passes(a, b) && passes(b, a);
    }

    /** How long a message takes, in nanoseconds. */
    long delay() {
        return 1_000 * sim.between(delayMicros / 4, delayMicros * 2L);
    }

    /** Lets messages take about {@code micros} from now on. */
    void delayMicros(int micros) {
        delayMicros = micros;
    }
}
