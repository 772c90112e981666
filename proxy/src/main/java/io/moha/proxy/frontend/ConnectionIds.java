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

    private final int nodeBits;
    private final int mask;
    private final AtomicInteger next = new AtomicInteger();
    private volatile long base;

    /**
     * @param node the number of this proxy among those of its cluster, from 0
     * @param nodeBits how many bits that number takes, 0 to 15
     */
    public ConnectionIds(int node, int nodeBits) {
        if (nodeBits < 0 || nodeBits > 15) {
            throw new IllegalArgumentException(nodeBits + " bits for the number of a proxy");
        }
        this.nodeBits = nodeBits;
        this.mask = (int) ((1L << (BITS - nodeBits)) - 1);
        this.base = base(node);
    }

    private long base(int node) {
        if (node < 0 || node >= 1 << nodeBits) {
            throw new IllegalArgumentException("node " + node + " in " + nodeBits + " bits");
        }
        return OWN_RANGE | (long) node << (BITS - nodeBits);
    }

    /** From now on this proxy has another number; ids that were given stay as they are. */
    public void renumber(int node) {
        base = base(node);
    }

    /** The id of one more connection. */
    public long next() {
        return base | (next.incrementAndGet() & mask);
    }

    /** Whether {@code id} may be one of a proxy's, and not a server's. */
    public static boolean isProxyId(long id) {
        return id >= OWN_RANGE && id < OWN_RANGE << 1;
    }
}
