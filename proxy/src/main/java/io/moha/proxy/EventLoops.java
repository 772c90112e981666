package io.moha.proxy;

import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;

/** Stops event loops. */
final class EventLoops {

    private static final int LONGEST_MS = 1000;

    private EventLoops() {}

    /** Stops {@code loops} and waits for it, a second at most. */
    static void stop(EventLoopGroup loops) {
        loops.shutdownGracefully(0, LONGEST_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LONGEST_MS, TimeUnit.MILLISECONDS);
    }
}
