package io.moha.proxy.frontend;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each client the number that it may later put into KILL: 2^30 to 2^31 - 1, which the small
 * numbers of servers never reach. Thread-safe.
 */
public final class ConnectionIds {

    // Not 31: MariaDB's driver takes the number for a signed one and cancels with a negative id.
    private static final int BITS = 30;
    private static final long OWN_RANGE = 1L << BITS;

    private final long base;
    private final int mask;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * @param node number of this proxy among those whose clients' numbers must differ
     * @param nodeBits bits that hold it, 0 to 15; the others are left for counting
     */
    public ConnectionIds(int node, int nodeBits) {
        if (nodeBits < 0 || nodeBits > 15 || node < 0 || node >= 1 << nodeBits) {
            throw new IllegalArgumentException("node " + node + " in " + nodeBits + " bits");
        }
        this.base = OWN_RANGE | (long) node << (BITS - nodeBits);
        this.mask = (int) ((1L << (BITS - nodeBits)) - 1);
    }

    /** A number that was not given out before, until the count starts over. */
    public long next() {
        return base | (next.incrementAndGet() & mask);
    }

    /** Whether a number can be one of a proxy rather than a server's. */
    public static boolean isProxyId(long id) {
        return id >= OWN_RANGE && id < OWN_RANGE << 1;
    }
}
