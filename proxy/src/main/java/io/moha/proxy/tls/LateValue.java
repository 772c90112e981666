package io.moha.proxy.tls;

import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is made in the background and handed over on event loops. */
final class LateValue<T> {

    private static final Logger LOGGER = LoggerFactory.getLogger(LateValue.class);

    private final CompletableFuture<T> future;

    private LateValue(CompletableFuture<T> future) {
        this.future = future;
    }

    /** A value that {@code maker} makes on {@code executor}; a failure is logged. */
    static <T> LateValue<T> make(String name, Supplier<T> maker, Executor executor) {
        CompletableFuture<T> future = CompletableFuture.supplyAsync(maker, executor);
        future.whenComplete(
                (_, cause) -> {
                    if (cause != null) {
                        LOGGER.atError()
                                .addKeyValue("what", name)
                                .setCause(cause)
                                .log("cannot make what logins need");
                    }
                });
        return new LateValue<>(future);
    }

    /** A value that is there already. */
    static <T> LateValue<T> of(T value) {
        return new LateValue<>(CompletableFuture.completedFuture(value));
    }

    /** A value that will never be there. */
    static <T> LateValue<T> none(String reason) {
        return new LateValue<>(CompletableFuture.failedFuture(new IOException(reason)));
    }

    /**
     * Calls one of the two on {@code executor}: at once when called there and the value is ready.
     */
    void whenReady(EventExecutor executor, Consumer<T> use, Consumer<Throwable> failed) {
        if (future.isDone() && !future.isCompletedExceptionally() && executor.inEventLoop()) {
            use.accept(future.join());
            return;
        }
        future.whenCompleteAsync(
                (value, cause) -> {
                    if (cause == null) {
                        use.accept(value);
                    } else {
                        failed.accept(cause);
                    }
                },
                executor);
    }

    /** Calls {@code use} with the value as soon as there is one, on whatever thread. */
    void whenMade(Consumer<T> use) {
        future.thenAccept(use);
    }

    /** Whether making it failed; false while it is still being made. */
    boolean failed() {
        return future.isCompletedExceptionally();
    }

    /**
     * Releases the value, if there is one, when those that have just been handed it are done with
     * that: a minute from now.
     *
     * @param executor does it
     */
    void releaseLater(Executor executor) {
        CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES, executor)
                .execute(() -> whenMade(ReferenceCountUtil::release));
    }
}
