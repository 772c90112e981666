package io.moha.agent.observe;

import io.moha.protocol.base.Ticker;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Threads of the operating system. */
final class SystemThreads implements Threads {

    private final Ticker ticker = Ticker.system();

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Wakeup wakeup() {
        return new SemaphoreWakeup();
    }

    @Override
    public Worker worker(String name, Body body) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(body));
        return new Worker() {
            @Override
            public void start() {
                thread.start();
            }

            @Override
            public void interrupt() {
                thread.interrupt();
            }
        };
    }

    private static void run(Body body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A {@link Wakeup} for threads of the operating system. */
    private static final class SemaphoreWakeup implements Wakeup {

        private final Semaphore happened = new Semaphore(0);

        @Override
        public void wake() {
            // One is enough, and nobody may ever wait on some of these.
            if (happened.availablePermits() == 0) {
                happened.release();
            }
        }

        @Override
        public void await(Duration limit) throws InterruptedException {
            if (happened.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                happened.drainPermits();
            }
        }
    }
}
