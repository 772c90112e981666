package io.moha.it.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the network does to bytes that flow from one party to another; both directions of a link are
 * set separately. Everything passes until it is cut. Thread-safe.
 */
final class Links {

    /** One direction of a link. */
    record Way(String from, String to) {

        Way back() {
            return new Way(to, from);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Way, Boolean> cut = new HashMap<>();
    private final Map<Way, Duration> delays = new HashMap<>();
    private final List<FaultProxy> proxies = new ArrayList<>();
    private boolean closed;

    /** Lets {@code proxy} be told of resets. */
    void attach(FaultProxy proxy) {
        proxies.add(proxy);
    }

    /** Bytes from {@code from} to {@code to} arrive no more: they wait, as unacknowledged TCP. */
    void cutOneWay(String from, String to) {
        change(() -> cut.put(new Way(from, to), true));
    }

    /** Cuts both directions. */
    void cut(String one, String other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Resets every connection between the two; new ones are not hindered. */
    void reset(String one, String other) {
        proxies.forEach(proxy -> proxy.reset(one, other));
    }

    /** Each piece of what flows between the two takes {@code delay} longer, in each direction. */
    void delay(String one, String other, Duration delay) {
        Way way = new Way(one, other);
        change(
                () -> {
                    delays.put(way, delay);
                    delays.put(way.back(), delay);
                });
    }

    /** Mends one link in both directions. */
    void heal(String one, String other) {
        Way way = new Way(one, other);
        change(
                () -> {
                    cut.remove(way);
                    cut.remove(way.back());
                    delays.remove(way);
                    delays.remove(way.back());
                });
    }

    /** Mends all links. */
    void heal() {
        change(
                () -> {
                    cut.clear();
                    delays.clear();
                });
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when bytes may go that way; false when the network is gone for good. */
    boolean pass(Way way) throws InterruptedException {
        Duration delay;
        lock.lock();
        try {
            while (!closed && cut.containsKey(way)) {
                changed.await();
            }
            delay = delays.getOrDefault(way, Duration.ZERO);
        } finally {
            lock.unlock();
        }
        if (delay.isPositive()) {
            java.util.concurrent.locks.LockSupport.parkNanos(delay.toNanos());
        }
        return !closed;
    }

    /** Ends all that waits. */
    void close() {
        change(() -> closed = true);
    }
}
