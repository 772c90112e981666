package io.moha.proxy.routing;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** The present picture of the cluster and its changes. Thread-safe; never blocks. */
public interface Routing {

    /** The newest picture. A volatile read. */
    RoutingTable current();

    /**
     * Calls {@code onChange} on {@code loop} after every change, in order, until the registration
     * is closed. The present picture is not delivered: a subscriber that runs on {@code loop} reads
     * {@link #current} right after subscribing and has missed nothing; it may then be told of the
     * same picture once more.
     */
    Registration subscribe(EventLoop loop, Consumer<RoutingTable> onChange);

    /**
     * A hint that a connection to {@code backend} broke or could not be opened. Changes no picture
     * by itself; the store is asked at once instead of at its next turn. Cheap to call often.
     */
    void suspect(Backend backend);

    /** Ends a subscription. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {

        /** Ends it; on the subscription's own loop nothing is delivered after this returns. */
        @Override
        void close();
    }
}
