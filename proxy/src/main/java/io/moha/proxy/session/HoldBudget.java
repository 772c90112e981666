package io.moha.proxy.session;

import io.moha.proxy.config.HoldConfig;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much all sessions together may hold. Thread-safe. */
final class HoldBudget {

    private final int maxSessions;
    private final long maxBytes;
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    HoldBudget(HoldConfig config) {
        maxSessions = config.maxSessions();
        maxBytes = config.maxBytes();
    }

    /** Takes room for one more session; false when there is none. */
    boolean enter() {
        if (sessions.incrementAndGet() > maxSessions) {
            sessions.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives a session's room back. */
    void leave() {
        sessions.decrementAndGet();
    }

    /** Takes room for {@code count} bytes; false when there is none. */
    boolean take(int count) {
        if (bytes.addAndGet(count) > maxBytes) {
            bytes.addAndGet(-count);
            return false;
        }
        return true;
    }

    /** Gives room back. */
    void give(long count) {
        bytes.addAndGet(-count);
    }

    /** Sessions that hold at the moment. */
    int sessions() {
        return sessions.get();
    }

    /** Bytes that are held at the moment. */
    long bytes() {
        return bytes.get();
    }
}
