package io.moha.protocol.base;

/** Where monotonic time comes from. The only place of the product that reads a clock. */
@FunctionalInterface
public interface Ticker {

    /** The present moment. Callable from any thread. */
    Moment now();

    /**
     * The machine's own monotonic clock ({@code CLOCK_MONOTONIC} on Linux: it stops in suspend).
     */
    static Ticker system() {
        return () -> new Moment(System.nanoTime());
    }
}
