package io.moha.protocol.base;

import java.time.Instant;

/** Wall time, for people: history, logs, certificates. Never used to decide who may write. */
@FunctionalInterface
public interface WallClock {

    /** The present wall time. Callable from any thread. */
    Instant now();

    /** The machine's own wall clock. */
    static WallClock system() {
        return Instant::now;
    }
}
