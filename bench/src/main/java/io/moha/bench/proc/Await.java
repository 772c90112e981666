package io.moha.bench.proc;

import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting, always with a bound. */
public final class Await {

    private static final Ticker TICKER = Ticker.system();
    private static final Duration POLL = Duration.ofMillis(20);

    private Await() {}

    /**
     * Returns once {@code condition} holds, asking every 20 ms.
     *
     * @throws BenchException when it does not hold within {@code bound}; the message names {@code
     *     what}
     */
    public static void until(String what, Duration bound, BooleanSupplier condition) {
        until(what, bound, POLL, condition);
    }

    /** As {@link #until(String, Duration, BooleanSupplier)}, asking every {@code poll}. */
    public static void until(
            String what, Duration bound, Duration poll, BooleanSupplier condition) {
        Moment deadline = TICKER.now().plus(bound);
        while (!condition.getAsBoolean()) {
            if (!TICKER.now().isBefore(deadline)) {
                throw new BenchException("waited " + bound.toMillis() + " ms for " + what);
            }
            LockSupport.parkNanos(poll.toNanos());
        }
    }

    /** Lets {@code duration} pass. */
    public static void pause(Duration duration) {
        Moment end = TICKER.now().plus(duration);
        for (Moment now = TICKER.now(); now.isBefore(end); now = TICKER.now()) {
            LockSupport.parkNanos(end.since(now).toNanos());
        }
    }
}
