package io.moha.proxy.topology;

import io.moha.proxy.routing.Routing;
import io.moha.proxy.routing.RoutingTable;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each picture to the event loops: one task a loop, which then tells that loop's
 * subscribers. Thread-safe; the set of a loop's subscribers is touched on that loop alone.
 */
final class LoopPublisher {

    private static final Logger LOGGER = LoggerFactory.getLogger(LoopPublisher.class);

    private final Iterable<? extends EventExecutor> loops;
    private final ConcurrentHashMap<EventExecutor, Set<Subscriber>> subscribers =
            new ConcurrentHashMap<>();

    private static final class Subscriber {
        private final Consumer<RoutingTable> onChange;

        private Subscriber(Consumer<RoutingTable> onChange) {
            this.onChange = onChange;
        }
    }

    /** For sessions that live on {@code loops}. */
    LoopPublisher(Iterable<? extends EventExecutor> loops) {
        this.loops = loops;
    }

    Routing.Registration subscribe(EventLoop loop, Consumer<RoutingTable> onChange) {
        Subscriber subscriber = new Subscriber(onChange);
        onLoop(loop, () -> of(loop).add(subscriber));
        return () -> onLoop(loop, () -> of(loop).remove(subscriber));
    }

    /**
     * Tells everybody of {@code table}.
     *
     * @return completed when every loop has told its subscribers, so that whatever a session still
     *     sends is sent with this picture in mind
     */
    CompletableFuture<Void> publish(RoutingTable table) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (EventExecutor loop : loops) {
            told.add(CompletableFuture.runAsync(() -> tell(loop, table), loop));
        }
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }

    private Set<Subscriber> of(EventExecutor loop) {
        return subscribers.computeIfAbsent(loop, _ -> new LinkedHashSet<>());
    }

    private void tell(EventExecutor loop, RoutingTable table) {
        Set<Subscriber> all = of(loop);
        for (Subscriber subscriber : List.copyOf(all)) {
            // One told before it may have closed this one.
            if (all.contains(subscriber)) {
                tell(subscriber, table);
            }
        }
    }

    private static void tell(Subscriber subscriber, RoutingTable table) {
        try {
            subscriber.onChange.accept(table);
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("a subscriber failed on a new routing table");
        }
    }

    private static void onLoop(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
