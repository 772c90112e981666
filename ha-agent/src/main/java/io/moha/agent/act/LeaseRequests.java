package io.moha.agent.act;

import io.moha.agent.observe.Wakeup;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** What others ask of the lease's thread, in order. Thread-safe. */
final class LeaseRequests {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Wakeup wakeup;

    /** Requests that wake {@code wakeup}. */
    LeaseRequests(Wakeup wakeup) {
        this.wakeup = wakeup;
    }

    /** Asks for {@code step}. */
    CompletableFuture<LeaseOutcome> submit(Supplier<LeaseOutcome> step) {
        CompletableFuture<LeaseOutcome> result = new CompletableFuture<>();
        waiting.add(
                () -> {
                    try {
                        result.complete(step.get());
                    } catch (RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                });
        wakeup.wake();
        return result;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Does the oldest, if there is any. */
    void runNext() {
        Runnable request = waiting.poll();
        if (request != null) {
            request.run();
        }
    }
}
