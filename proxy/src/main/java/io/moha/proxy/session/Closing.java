package io.moha.proxy.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Ends connections whose other side may not be reading any more. */
final class Closing {

    /** How long the last bytes may take; a peer that reads takes them in far less. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private Closing() {}

    /** Closes the channel of {@code lastWrite} when that is done, or {@link #LONGEST} from now. */
    static void after(ChannelFuture lastWrite) {
        Channel channel = lastWrite.channel();
        if (lastWrite.isDone()) {
            channel.close();
            return;
        }
        Future<?> deadline = closeLater(channel);
        lastWrite.addListener(
                _ -> {
                    deadline.cancel(false);
                    channel.close();
                });
    }

    /** Closes {@code channel} {@link #LONGEST} from now. */
    static Future<?> closeLater(Channel channel) {
        return channel.eventLoop()
                .schedule(() -> channel.close(), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }
}
