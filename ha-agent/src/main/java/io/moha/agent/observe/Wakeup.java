package io.moha.agent.observe;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Something to wait on until a thing of interest happened, or a while passed. Thread-safe. */
public final class Wakeup {

    private final Semaphore happened = new Semaphore(0);

    /** Something happened: the present or next waiter goes on. Any number count as one. */
    public void wake() {
        // One is enough, and nobody may ever wait on some of these.
        if (happened.availablePermits() == 0) {
            happened.release();
        }
    }

    /** Waits until something happened since the last wait, at most for {@code limit}. */
    public void await(Duration limit) throws InterruptedException {
        if (happened.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            happened.drainPermits();
        }
    }
}
