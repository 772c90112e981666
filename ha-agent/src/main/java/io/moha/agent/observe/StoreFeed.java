package io.moha.agent.observe;

import io.moha.agent.store.ClusterSnapshot;
import io.moha.agent.store.ClusterStore;
import io.moha.agent.store.ReadOutcome;
import io.moha.protocol.base.Moment;
import io.moha.protocol.base.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest picture of the store: reads it whole after every change that the watch reports,
 * and once a second whatever the watch says, because a watch on a cut-off member is silent. Its
 * thread does nothing else.
 */
public final class StoreFeed implements AutoCloseable {

    private static final Duration POLL_EVERY = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofMillis(250);

    private final ClusterStore store;
    private final Ticker ticker;
    private final Runnable onNews;
    private final Wakeup wakeup;
    private final Threads.Worker thread;
    private volatile @Nullable Picture picture;
    private volatile @Nullable String failure = "the store was not read yet";
    private volatile boolean closed;

    /**
     * What was last read.
     *
     * @param snapshot of the cluster
     * @param at when the answer had arrived
     */
    public record Picture(ClusterSnapshot snapshot, Moment at) {}

    /**
     * A feed that has not read yet.
     *
     * @param onNews called from the feed's thread after every read
     */
    public StoreFeed(ClusterStore store, Threads threads, Runnable onNews) {
        this.store = store;
        this.ticker = threads.ticker();
        this.onNews = onNews;
        this.wakeup = threads.wakeup();
        this.thread = threads.worker("store-feed", this::run);
    }

    /** Begins to read. Called once. */
    public void start() {
        store.watch(wakeup::wake);
        thread.start();
    }

    /** The newest picture; null before the first answer. */
    public @Nullable Picture picture() {
        return picture;
    }

    /** Why the last read got no answer; null when it got one. */
    public @Nullable String failure() {
        return failure;
    }

    /** Reads again soon. */
    public void poke() {
        wakeup.wake();
    }

    private void run() throws InterruptedException {
        while (!closed) {
            boolean answered = readOnce();
            onNews.run();
            wakeup.await(answered ? POLL_EVERY : RETRY_AFTER);
        }
    }

    private boolean readOnce() {
        switch (store.read()) {
            case ReadOutcome.Read(ClusterSnapshot snapshot) -> {
                picture = new Picture(snapshot, ticker.now());
                failure = null;
                return true;
            }
            case ReadOutcome.Unavailable(String reason) -> {
                failure = reason;
                return false;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
