package io.moha.proxy.session;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends sessions whose clients have been silent for too long. Looks at all sessions of a loop every
 * now and then instead of noting a time with every command, so a session may stay a quarter of the
 * time longer. Confined to the loop.
 */
final class IdleWatch {

    /** In how many looks a session has to be found as it was. */
    private static final int LOOKS = 4;

    private IdleWatch() {}

    /** Begins to look at the sessions of {@code loop}; never for a {@code timeout} of zero. */
    static void start(EventLoop loop, LoopSessions sessions, Duration timeout) {
        if (timeout.isZero()) {
            return;
        }
        long every = Math.max(1, timeout.toMillis() / LOOKS);
        // Lasts as long as the loop, which is as long as the process.
        var _ =
                loop.scheduleWithFixedDelay(
                        () -> sessions.all().forEach(IdleWatch::look),
                        every,
                        every,
                        TimeUnit.MILLISECONDS);
    }

    private static void look(SessionMachine session) {
        if (session.client.silentLooks(session.isAtRest()) > LOOKS) {
            session.closeTelling(CloseCause.IDLE, 0);
        }
    }
}
